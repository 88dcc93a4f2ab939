// Made by `npm run gen` from openapi.json; never edited.
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description What the winner gets. */
        Accepted: {
            call: components["schemas"]["CallView"];
        };
        /** @description An address. */
        AddressView: {
            fits: boolean;
            line: string;
            name: string;
            sid: string;
            why_not?: string | null;
        };
        /** @description An agent and what they are doing. */
        AgentView: {
            counts: components["schemas"]["Counts"];
            email: string;
            /** @description The user's id. */
            id: string;
            name: string;
            /** @description The number that this agent shows, E.164. */
            number?: string | null;
            presence: components["schemas"]["Presence"];
            role: components["schemas"]["Role"];
        };
        /** @description The answers to a link's questions: all of them on the first run, only the password otherwise. */
        Answers: {
            /** @description ISO 3166 alpha-2. */
            country?: string | null;
            /** @description The owner's e-mail. */
            email?: string | null;
            /** @description The owner's name. */
            name?: string | null;
            /** @description The organization's name. */
            organization?: string | null;
            /** @description The password to log in with. */
            password: string;
            /** @description Its short name in addresses; made from the name when left out. */
            slug?: string | null;
        };
        /** @description An API key, without the key. */
        ApiKeyView: {
            /** Format: date-time */
            created_at: string;
            /** @description Its first letters, to know it by. */
            hint: string;
            id: string;
            /** Format: date-time */
            last_used_at?: string | null;
            name: string;
            /** Format: date-time */
            revoked_at?: string | null;
            /** @description The id of the person as whom it acts. */
            user: string;
        };
        /** @description A new API key with the key itself, which is shown this once. */
        ApiKeyWithSecret: components["schemas"]["ApiKeyView"] & {
            /** @description To be sent as `Authorization: Bearer …`. */
            key: string;
        };
        /** @description One change. */
        AuditView: {
            /** @description Such as `user.add`. */
            action: string;
            actor?: components["schemas"]["NamedRef"] | null;
            /** Format: date-time */
            at: string;
            detail: unknown;
            id: string;
            /** @description To what, an id. */
            subject: string;
        };
        /** @description Numbers that can be bought, and what they need. */
        AvailableView: {
            items: components["schemas"]["OfferedView"][];
            papers: components["schemas"]["PapersView"];
        };
        /** @description A change of the token that was begun. */
        Begun: {
            rotation: components["schemas"]["Rotation"];
        };
        /** @description One thing that a browser tried. */
        BrowserCheck: {
            /** @description What was found, in words. */
            detail?: string | null;
            /** @description `microphone`, `support`, `events`, `device`, `sound` or `network`. */
            name: string;
            /** @description It went well; null: it could not be tried. */
            ok?: boolean | null;
        };
        /** @description What a browser found out about itself. */
        BrowserSays: {
            /** @description Which browser, in words. */
            browser?: string | null;
            checks: components["schemas"]["BrowserCheck"][];
        };
        /** @description A bundle of papers. */
        BundleView: {
            fits: boolean;
            name: string;
            sid: string;
            /** @description `approved`, `rejected`, `pending review`, `in review`, `draft` or `provisionally approved`. */
            status: string;
            why_not?: string | null;
        };
        /** @description How a callback came round. */
        CallbackRoundTrip: {
            /** @description The carrier's codes, explained. */
            codes?: components["schemas"]["ExplainedCode"][];
            /** @description What it cost. */
            cost: string;
            /** @description What helps, where it did not come. */
            cure?: string | null;
            /** @description What happened, in words. */
            detail: string;
            /** @description It came, with a signature that fits. */
            ok: boolean;
            /**
             * Format: double
             * @description How long it took.
             */
            seconds?: number | null;
        };
        /** @description What an agent says about a call. */
        CallChange: {
            /** @description What it meant, in the organization's words; null removes it. */
            disposition?: string | null;
            /** @description Kept while it is being typed: it ends no wrap-up, and other screens see it when it is saved. */
            draft?: boolean;
            /** @description What was said; it replaces the note so far, null removes it. `notes` of the call keeps the last of each author. */
            note?: string | null;
        };
        /** @description A call with everything that belongs to it. */
        CallDetail: components["schemas"]["CallNow"] & {
            /** @description The timeline, oldest first. */
            events: components["schemas"]["CallEventView"][];
            notes: components["schemas"]["NoteView"][];
            recordings: components["schemas"]["RecordingView"][];
        };
        /** @description A number to verify. */
        CallerIdInput: {
            label?: string | null;
            number?: string | null;
        };
        /** @description A number that may be shown as caller without being owned. */
        CallerIdView: {
            label?: string | null;
            /** @description E.164. */
            number: string;
            sid: string;
        };
        /** @description A line of a call's timeline. */
        CallEventView: {
            /** Format: date-time */
            at: string;
            payload: unknown;
            /** Format: int64 */
            sequence: number;
            /** @description `carrier`, `agent` or `system`. */
            source: string;
            type: string;
        };
        /** @description What to change; what is left out stays as it is, null takes away. */
        CallingInput: {
            /** @description One of the organization's numbers, or one that the carrier has verified. */
            caller_id?: string | null;
            forward_always?: string | null;
            forward_on_busy?: string | null;
            forward_on_no_answer?: string | null;
            number_id?: string | null;
            own_phone?: string | null;
            record?: boolean | null;
            voicemail?: boolean | null;
        };
        /** @description How an agent makes and takes calls. */
        CallingView: {
            /** @description The number shown on this agent's calls, E.164; null: the own number, else the organization's first. */
            caller_id?: string | null;
            /** @description Every call to this agent goes there. */
            forward_always?: string | null;
            /** @description Calls to this agent alone go there while the agent talks. */
            forward_on_busy?: string | null;
            /** @description Calls to this agent alone go there that are not taken in time. */
            forward_on_no_answer?: string | null;
            /** @description The id of the number that is this agent's own. */
            number_id?: string | null;
            /** @description E.164: takes calls on this phone instead of the softphone. */
            own_phone?: string | null;
            /** @description Whether this agent's calls are recorded; null: as the number and the organization say. */
            record?: boolean | null;
            /** @description Whoever calls this agent alone and is not answered may leave a message. */
            voicemail: boolean;
        };
        /** @description A call with what only matters while it runs. */
        CallNow: components["schemas"]["CallView"] & {
            /** @description The customer's leg as the carrier tells it: `queued`, `initiated`, `ringing`, `in-progress` … */
            customer_status?: string | null;
            /**
             * Format: date-time
             * @description When the carrier will dial the customer, where its pace lets the call wait.
             */
            dials_at?: string | null;
            legs: components["schemas"]["LegView"][];
            /** @description The customer's leg is being recorded at this moment. */
            recording: boolean;
            /** @description The recording stands still: on hold, or by the agent's wish. */
            recording_paused: boolean;
        };
        /** @description One conversation with one outside party. */
        CallView: {
            agent?: components["schemas"]["NamedRef"] | null;
            /**
             * Format: date-time
             * @description When agent (or forward phone) and outside party came together.
             */
            answered_at?: string | null;
            contact?: components["schemas"]["NamedRef"] | null;
            /** @description `inbound` or `outbound`. */
            direction: string;
            /** @description What the agent says it meant. */
            disposition?: string | null;
            /** Format: int64 */
            duration_seconds?: number | null;
            /** Format: date-time */
            ended_at?: string | null;
            /** @description Who ended it: `customer`, `agent`, `supervisor`, `system` (a rule or a time limit) or `carrier` (the connection). */
            ended_by?: string | null;
            /** @description E.164, or what the carrier gave, such as `anonymous`. */
            from_number: string;
            /** @description A recording can be played. */
            has_recording: boolean;
            has_transcript: boolean;
            id: string;
            /** @description The agent's wrap-up note. */
            note?: string | null;
            /** @description Our number, E.164. */
            number?: string | null;
            /** @description What the system saw: `answered`, `missed`, `abandoned`, `voicemail`, `forwarded`, `busy` … */
            outcome?: string | null;
            /** @description `waiting`, `offered`, `connecting`, `connected`, `on_hold`, `wrap_up` or `ended`. */
            phase: string;
            price?: components["schemas"]["Money"] | null;
            queue?: components["schemas"]["NamedRef"] | null;
            sentiment?: string | null;
            /** Format: date-time */
            started_at: string;
            /** @description `ringing`, `in-progress`, `completed`, `busy`, `no-answer`, `failed` or `canceled`. */
            status: string;
            /** Format: int64 */
            talk_seconds?: number | null;
            to_number: string;
            /** Format: int64 */
            wait_seconds?: number | null;
            /**
             * Format: date-time
             * @description Since when the caller waits for an agent.
             */
            waiting_since?: string | null;
            /** Format: date-time */
            wrap_up_ends_at?: string | null;
        };
        /** @description What a number can do. */
        CapabilitiesView: {
            mms: boolean;
            sms: boolean;
            voice: boolean;
        };
        /** @description The accounts of an organization. */
        CarrierAccounts: {
            items: components["schemas"]["CarrierView"][];
        };
        /** @description The account to use; what is left out stays as it is. */
        CarrierInput: {
            /** @description `AC` and 32 more characters. */
            account_sid?: string | null;
            api_base_url?: string | null;
            api_key_secret?: string | null;
            /** @description `SK…` */
            api_key_sid?: string | null;
            auth_token?: string | null;
            /** @description `us1`, `ie1` or `au1`. */
            region?: string | null;
            /** @description `AP…` */
            twiml_app_sid?: string | null;
        };
        /** @description The account at the carrier. */
        CarrierView: {
            account_sid?: string | null;
            /** @description Null is Twilio itself. */
            api_base_url?: string | null;
            api_key_sid?: string | null;
            /** @description The region that somebody set, where the credentials turned out to be those of another. */
            asked_region?: string | null;
            /** @description Whether there is one. */
            connected: boolean;
            /** @description A secret is stored, sealed. */
            has_api_key_secret: boolean;
            /** @description A token is stored, sealed. */
            has_auth_token: boolean;
            /** @description Null while there is none. */
            id?: string | null;
            /** @description Softphones register here, calls are made here. */
            in_use: boolean;
            /** @description Null is the US. */
            region?: string | null;
            /** @description Where softphones connect, only with the sandbox. */
            signaling_url?: string | null;
            /**
             * Format: date-time
             * @description Since then the carrier takes the stored token no more: it was changed in its console.
             */
            token_refused_since?: string | null;
            twiml_app_sid?: string | null;
            /** Format: date-time */
            updated_at?: string | null;
            webhooks: components["schemas"]["Webhooks"];
        };
        /** @description One thing that was tried. */
        Check: {
            /** @description What helps, where something is wrong. */
            cure?: string | null;
            /** @description What was found, in words. */
            detail: string;
            /** @description `credentials`, `account`, `region`, `voice`, `api_key`, `twiml_app` or `numbers`. */
            name: string;
            /** @description It went well. */
            ok: boolean;
            /** @description It went well, and there is something to know about it. */
            warning?: boolean;
        };
        /** @description A document's set-up checklist, ticking itself. */
        Checklist: {
            /** @description Its items, in the document's order. */
            items: components["schemas"]["ChecklistItem"][];
            /** @description The system's kind. */
            name: string;
            /** @description `000` to `004`. */
            system: string;
        };
        /** @description One item of a set-up checklist. */
        ChecklistItem: {
            /** @description The check that tells. */
            check_id?: string | null;
            /** @description Null is what a machine cannot know. */
            done?: boolean | null;
            /** @description Why nobody but a person can tell. */
            note?: string | null;
            /** @description As the document words it. */
            text: string;
        };
        /** @description An agent's own choice. */
        Choice: {
            /** @description Why away, such as `lunch`. */
            reason?: string | null;
            /** @description `available` or `away`. */
            state: string;
        };
        /** @description The number's own digits or its label, so that the wrong one is not given back. */
        Confirmation: {
            confirm?: string | null;
        };
        /** @description A contact to add or to change; what is left out stays as it is. */
        ContactInput: {
            company?: string | null;
            /** @description All of them, the main one first. */
            emails?: string[] | null;
            kind?: components["schemas"]["Kind"] | null;
            name?: string | null;
            note?: string | null;
            /** @description All of them, the main one first. */
            phones?: components["schemas"]["PhoneView"][] | null;
        };
        /** @description A person or company outside. */
        ContactView: {
            company?: string | null;
            /** Format: date-time */
            created_at: string;
            /** @description The main one first. */
            emails: string[];
            id: string;
            /** @description `lead`, `customer` or `other`. */
            kind: components["schemas"]["Kind"];
            name: string;
            note?: string | null;
            /** @description The main one first. */
            phones: components["schemas"]["PhoneView"][];
            /** Format: date-time */
            updated_at: string;
        };
        /** @description A country whose numbers are sold. */
        CountryView: {
            /** @description ISO 3166 alpha-2. */
            country: string;
            name: string;
            types: components["schemas"]["TypeView"][];
        };
        /** @description What an agent did in the last 24 hours. */
        Counts: {
            /**
             * Format: int64
             * @description Inbound calls taken.
             */
            inbound: number;
            /**
             * Format: int64
             * @description Calls that were offered and not taken.
             */
            missed: number;
            /**
             * Format: int64
             * @description Outbound calls placed.
             */
            outbound: number;
        };
        /** @description What the demo's log-in page offers. */
        DemoDoor: {
            /** @description Numbers of people who can be called. */
            customers: string[];
            /** @description The organization's number, to be called from those phones. */
            number: string;
            /** @description Where the sandbox's phones are. */
            sandbox_url: string;
            /** @description The one-click log-ins. */
            users: components["schemas"]["DemoLogin"][];
        };
        /** @description One person of the demo. */
        DemoLogin: {
            /** @description What to type. */
            email: string;
            /** @description The person's name. */
            name: string;
            /** @description The password, which is no secret here. */
            password: string;
            /** @description `owner`, `admin`, `supervisor` or `agent`. */
            role: string;
        };
        /** @description Where a call goes first. */
        DestinationView: {
            /** @enum {string} */
            kind: "queue";
            /** @description Its id. */
            queue: string;
        } | {
            /** @description Their ids. */
            agents: string[];
            /** @enum {string} */
            kind: "ring_agents";
            /**
             * Format: int32
             * @description Seconds until the overflow.
             */
            seconds?: number;
        } | {
            /** @enum {string} */
            kind: "forward";
            /** @description Its number. */
            to: string;
        } | {
            /** @enum {string} */
            kind: "voicemail";
        };
        /** @description One thing that was looked at. */
        DoctorCheck: {
            /** @description The carrier's codes in it, explained. */
            codes?: components["schemas"]["ExplainedCode"][];
            /** @description What helps, where something is wrong. */
            cure?: string | null;
            /** @description What was found. */
            finding: string;
            /** @description What it is about. */
            group: components["schemas"]["DoctorGroup"];
            /** @description A stable word for it. */
            id: string;
            repair?: components["schemas"]["DoctorRepair"] | null;
            /** @description Which of the five documented systems name this trouble. */
            seeds: string[];
            /** @description How it came out. */
            state: components["schemas"]["DoctorState"];
            /** @description Its name. */
            title: string;
        };
        /** @description How many checks came out how. */
        DoctorCounts: {
            /** @description Not working. */
            failed: number;
            /** @description Well. */
            ok: number;
            /** @description Not tried. */
            skipped: number;
            /** @description To be looked at. */
            warning: number;
        };
        /**
         * @description What a check is about.
         * @enum {string}
         */
        DoctorGroup: "settings" | "server" | "carrier" | "webhooks" | "numbers" | "calls" | "people" | "browser";
        /** @description What can be done about a finding with a click. */
        DoctorRepair: {
            /** @description `repair`: `POST /doctor/repair` with `target` as `check`; `open`: the page `target` of the app. */
            action: string;
            /** @description The check, or the page. */
            target: string;
        };
        /** @description Everything that was looked at. */
        DoctorReport: {
            /**
             * Format: date-time
             * @description When; null: never yet.
             */
            at?: string | null;
            /** @description The five documents' checklists. */
            checklists: components["schemas"]["Checklist"][];
            /** @description The checks, in groups. */
            checks: components["schemas"]["DoctorCheck"][];
            /** @description How many checks came out how. */
            counts: components["schemas"]["DoctorCounts"];
            /** @description Nothing has failed. */
            ok: boolean;
            /** @description Somebody lets it be made just now. */
            running: boolean;
        };
        /**
         * @description How a check came out.
         * @enum {string}
         */
        DoctorState: "ok" | "warning" | "failed" | "skipped";
        /** @description One thing that was looked at. */
        DriftItem: {
            /** @description What helps. */
            cure?: string | null;
            /** @description What should be there. */
            expected?: string | null;
            /** @description What is there. */
            found?: string | null;
            /** @description Names it for the repair; the same in the next report. */
            id: string;
            /** @description What it is about. */
            kind: components["schemas"]["DriftKind"];
            /** @description The number's id here. */
            number_id?: string | null;
            /** @description It is as it should be. */
            ok: boolean;
            /** @description What is wrong, or worth knowing. */
            problem?: string | null;
            /** @description The repair sets it right. */
            repairable: boolean;
            /** @description The number, or the name of the App or account. */
            subject: string;
        };
        /**
         * @description What an item is about.
         * @enum {string}
         */
        DriftKind: "twiml_app" | "number" | "account";
        /** @description What was read, and whether all is as it should be. */
        DriftReport: {
            /**
             * Format: date-time
             * @description When it was read.
             */
            checked_at: string;
            /** @description Each thing that was looked at. */
            items: components["schemas"]["DriftItem"][];
            /** @description Every item is as it should be. */
            ok: boolean;
        };
        /** @description One of the carrier's error codes, explained. */
        ExplainedCode: {
            /**
             * Format: int32
             * @description Twilio's code.
             */
            code: number;
            /** @description What helps. */
            cure: string;
            /** @description What happened. */
            meaning: string;
        };
        /** @description One message to a client. */
        Frame: {
            /** Format: date-time */
            at: string;
            /** @description Where this event stands; `?cursor=` goes on after it. */
            cursor: string;
            /** @description Everything the client needs; it asks for nothing more. */
            data: unknown;
            /** @description `hello`, `reset`, `incoming_call`, `offer_closed`, `join`, `call_status_update`, `presence`, `voicemail`, `contact`, `number` … */
            type: string;
        };
        /** @description A number that the carrier account has. */
        ImportableView: {
            /** @description `here` or `another organization`; null where it can be taken over. */
            already?: string | null;
            capabilities: components["schemas"]["CapabilitiesView"];
            friendly_name?: string | null;
            /** @description E.164. */
            number: string;
            /** @description Where its calls go now, if not here. */
            points_to?: string | null;
            /** @description `PN…`. */
            sid: string;
            /** @description What should be known before it is taken over. */
            warnings: string[];
        };
        /** @description What was taken over. */
        Imported: {
            imported: components["schemas"]["NumberView"][];
            refused: components["schemas"]["RefusedView"][];
        };
        /** @description Which numbers to take over. */
        ImportInput: {
            /** @description The carrier's name for each by default. */
            label?: string | null;
            route?: components["schemas"]["RouteView"] | null;
            /** @description `PN…`, up to 50. */
            sids?: string[] | null;
        };
        /**
         * @description What a contact is to us.
         * @enum {string}
         */
        Kind: "lead" | "customer" | "other";
        /** @description A leg of a call. */
        LegView: {
            agent?: components["schemas"]["NamedRef"] | null;
            /** Format: date-time */
            answered_at?: string | null;
            /** Format: int32 */
            duration_seconds?: number | null;
            /** Format: date-time */
            ended_at?: string | null;
            /**
             * Format: int32
             * @description The carrier's error code, where it failed.
             */
            error_code?: number | null;
            id: string;
            /** @description The phone number at its end; null for a softphone. */
            number?: string | null;
            /** @description `customer`, `agent`, `supervisor` or `external`. */
            role: string;
            /** @description The carrier's id (`CA…`), once known. */
            sid?: string | null;
            /** Format: date-time */
            started_at: string;
            /** @description The carrier's status in its spelling. */
            status: string;
        };
        /** @description A line of some call's timeline. */
        LoggedEventView: components["schemas"]["CallEventView"] & {
            call_id: string;
        };
        /** @description A log-in. */
        LogIn: {
            email: string;
            password: string;
        };
        /** @description Who one is. */
        Me: {
            /** @description To be sent as `X-CSRF-Token` by a session that lives in a cookie. */
            csrf?: string | null;
            /** @description The demo: log-ins belong to one tab each. */
            demo: boolean;
            organization: components["schemas"]["SessionOrganization"];
            /** @description What the role allows. */
            permissions: components["schemas"]["Permission"][];
            presence: components["schemas"]["Presence"];
            user: components["schemas"]["SessionUser"];
        };
        /** @description The agents of a queue. */
        Members: {
            /** @description The ids of all of them. */
            agents: string[];
        };
        /** @description An amount of money. */
        Money: {
            /** @description Decimal text, such as `0.0120`. */
            amount: string;
            /** @description ISO 4217. */
            currency: string;
        };
        /** @description Something named, and where to find it. */
        NamedRef: {
            /** @description Its id. */
            id: string;
            /** @description Its name. */
            name: string;
        };
        /** @description A new API key. */
        NewApiKey: {
            /** @description What it is for. */
            name: string;
        };
        /** @description Whom to call, and how. */
        NewCall: {
            contact_id?: string | null;
            /** @description Which of the organization's numbers is shown; the agent's own by default. */
            from?: string | null;
            /**
             * @description `softphone` (default); `phone_first`: the agent's own phone rings first; or `direct`: the softphone dials the customer
             *     itself, which does not wait for the carrier's pace, and a room is made of it when one is needed.
             */
            mode?: string | null;
            /** @description Whether this call is recorded; the organization's setting by default. */
            record?: boolean | null;
            /** @description A phone number in any format of the organization's country, or with a country's code. */
            to?: string | null;
        };
        /** @description A new password for oneself. */
        NewPassword: {
            /** @description The password so far. */
            current: string;
            /** @description The new one. */
            new: string;
        };
        /** @description A new person. */
        NewUser: {
            email: string;
            name: string;
            /** @description Ids of queues; every queue when left out. */
            queues?: string[] | null;
            role: components["schemas"]["Role"];
        };
        /** @description A note that somebody wrote on a call. */
        NoteView: {
            author: components["schemas"]["NamedRef"];
            /** Format: date-time */
            created_at: string;
            id: string;
            text: string;
        };
        /** @description A number to add or to change; what is left out stays as it is. */
        NumberInput: {
            agent?: string | null;
            emergency_address?: boolean | null;
            /** @description An https address with TwiML elsewhere, which the carrier asks when this server does not answer. */
            fallback?: string | null;
            label?: string | null;
            /** @description Any format of the organization's country, or with a country's code; cannot be changed. */
            number?: string | null;
            /** @description Whether its calls are recorded; null: as the organization says. */
            record?: boolean | null;
            route?: components["schemas"]["RouteView"] | null;
            sid?: string | null;
        };
        /** @description A phone number of the organization. */
        NumberView: {
            /** @description The id of the agent whose own number it is. */
            agent?: string | null;
            capabilities?: components["schemas"]["CapabilitiesView"] | null;
            /** @description The id of the carrier account that holds it. */
            carrier: string;
            /** @description ISO 3166 alpha-2. */
            country?: string | null;
            /** Format: date-time */
            created_at: string;
            /** @description An emergency address is registered for it at the carrier. */
            emergency_address: boolean;
            /** @description The carrier's own word for that, such as `registered` or `pending-registration`. */
            emergency_status?: string | null;
            /** @description Where the carrier asks when this server does not answer; null is an address of this server's own. */
            fallback?: string | null;
            /** @description What the carrier calls it. */
            friendly_name?: string | null;
            id: string;
            /** @description What people call it; kept in step at the carrier. */
            label?: string | null;
            monthly?: components["schemas"]["Money"] | null;
            /** @description E.164. */
            number: string;
            /** @description Whether its calls are recorded; null: as the organization says. */
            record?: boolean | null;
            route: components["schemas"]["RouteView"];
            /** @description Somebody chose the route; otherwise it follows the owner, or the documented door at which a call comes in. */
            route_chosen: boolean;
            /** @description The carrier's id of it (`PN…`), once known. */
            sid?: string | null;
            /** @description `local`, `mobile`, `national` or `toll_free`, once known. */
            type?: string | null;
            /** @description Where a call to it goes. */
            way: components["schemas"]["WayView"];
        };
        /** @description A number that can be bought. */
        OfferedView: {
            capabilities: components["schemas"]["CapabilitiesView"];
            /** @description ISO 3166 alpha-2. */
            country: string;
            locality?: string | null;
            monthly?: components["schemas"]["Money"] | null;
            /** @description As people of its country write it. */
            national: string;
            /** @description E.164. */
            number: string;
            region?: string | null;
            /** @description `local`, `mobile`, `national` or `toll_free`. */
            type: string;
        };
        /** @description A waiting call on this agent's screen. */
        OfferView: {
            call: components["schemas"]["CallView"];
            /** Format: date-time */
            expires_at: string;
            id: string;
            /** Format: date-time */
            offered_at: string;
        };
        /** @description A one-time link; it is shown this once. */
        OneTimeLink: {
            /** Format: date-time */
            expires_at: string;
            link: string;
        };
        /** @description A purchase. */
        OrderView: {
            /** Format: date-time */
            at: string;
            id: string;
            /** @description E.164. */
            number: string;
            /** @description The number that came of it. */
            number_id?: string | null;
            /** @description Why it failed. */
            reason?: string | null;
            /** @description `buying`, `unknown` (it may have been bought; the account is looked at), `done` or `failed`. */
            state: string;
        };
        /** @description What to change; what is left out stays as it is. */
        OrganizationChange: {
            allowed_countries?: string[] | null;
            /**
             * Format: int32
             * @description 1 to 1000.
             */
            concurrent_limit?: number | null;
            country?: string | null;
            currency?: string | null;
            dispositions?: string[] | null;
            forward_shows_caller?: boolean | null;
            greeting?: string | null;
            name?: string | null;
            record_calls?: boolean | null;
            /** @description Only an owner switches the notice off. */
            recording_notice?: boolean | null;
            recording_notice_text?: string | null;
            /**
             * Format: int32
             * @description 1 to 60.
             */
            starts_per_minute?: number | null;
            /**
             * Format: int32
             * @description 0 to 600.
             */
            wrap_up_seconds?: number | null;
        };
        /** @description The organization and its settings. */
        OrganizationView: {
            /** @description Countries that may be called beside the organization's own. */
            allowed_countries: string[];
            /**
             * Format: int32
             * @description Outbound calls at the same time.
             */
            concurrent_limit: number;
            /** @description ISO 3166 alpha-2: how numbers without a country's code are read. */
            country: string;
            /** @description ISO 4217. */
            currency: string;
            /** @description What an agent can say that a call meant. */
            dispositions: string[];
            /** @description A forwarded call shows the caller's own number. */
            forward_shows_caller: boolean;
            /** @description The greeting of routes without one of their own; null is the bundled one. */
            greeting?: string | null;
            id: string;
            name: string;
            /** @description Calls are recorded. */
            record_calls: boolean;
            /** @description The recording notice is spoken first where a call is recorded. */
            recording_notice: boolean;
            /** @description Its text; null is the bundled one. */
            recording_notice_text?: string | null;
            slug: string;
            /**
             * Format: int32
             * @description Outbound calls that one agent may start in a minute.
             */
            starts_per_minute: number;
            /** Format: int32 */
            wrap_up_seconds: number;
        };
        /** @description What becomes of a caller whom nobody took in time. */
        OverflowView: {
            /** @enum {string} */
            kind: "voicemail";
        } | {
            /** @enum {string} */
            kind: "forward";
            /** @description Its number. */
            to: string;
        } | {
            /** @enum {string} */
            kind: "hang_up";
        };
        /** @description One page of a list, newest first. */
        Page_AgentView: {
            /** @description The items. */
            items: {
                counts: components["schemas"]["Counts"];
                email: string;
                /** @description The user's id. */
                id: string;
                name: string;
                /** @description The number that this agent shows, E.164. */
                number?: string | null;
                presence: components["schemas"]["Presence"];
                role: components["schemas"]["Role"];
            }[];
            /** @description Pass it as `cursor` for the items after these; null at the end. */
            next?: string | null;
        };
        /** @description One page of a list, newest first. */
        Page_ApiKeyView: {
            /** @description The items. */
            items: {
                /** Format: date-time */
                created_at: string;
                /** @description Its first letters, to know it by. */
                hint: string;
                id: string;
                /** Format: date-time */
                last_used_at?: string | null;
                name: string;
                /** Format: date-time */
                revoked_at?: string | null;
                /** @description The id of the person as whom it acts. */
                user: string;
            }[];
            /** @description Pass it as `cursor` for the items after these; null at the end. */
            next?: string | null;
        };
        /** @description One page of a list, newest first. */
        Page_AuditView: {
            /** @description The items. */
            items: {
                /** @description Such as `user.add`. */
                action: string;
                actor?: components["schemas"]["NamedRef"] | null;
                /** Format: date-time */
                at: string;
                detail: unknown;
                id: string;
                /** @description To what, an id. */
                subject: string;
            }[];
            /** @description Pass it as `cursor` for the items after these; null at the end. */
            next?: string | null;
        };
        /** @description One page of a list, newest first. */
        Page_CallerIdView: {
            /** @description The items. */
            items: {
                label?: string | null;
                /** @description E.164. */
                number: string;
                sid: string;
            }[];
            /** @description Pass it as `cursor` for the items after these; null at the end. */
            next?: string | null;
        };
        /** @description One page of a list, newest first. */
        Page_CallView: {
            /** @description The items. */
            items: {
                agent?: components["schemas"]["NamedRef"] | null;
                /**
                 * Format: date-time
                 * @description When agent (or forward phone) and outside party came together.
                 */
                answered_at?: string | null;
                contact?: components["schemas"]["NamedRef"] | null;
                /** @description `inbound` or `outbound`. */
                direction: string;
                /** @description What the agent says it meant. */
                disposition?: string | null;
                /** Format: int64 */
                duration_seconds?: number | null;
                /** Format: date-time */
                ended_at?: string | null;
                /** @description Who ended it: `customer`, `agent`, `supervisor`, `system` (a rule or a time limit) or `carrier` (the connection). */
                ended_by?: string | null;
                /** @description E.164, or what the carrier gave, such as `anonymous`. */
                from_number: string;
                /** @description A recording can be played. */
                has_recording: boolean;
                has_transcript: boolean;
                id: string;
                /** @description The agent's wrap-up note. */
                note?: string | null;
                /** @description Our number, E.164. */
                number?: string | null;
                /** @description What the system saw: `answered`, `missed`, `abandoned`, `voicemail`, `forwarded`, `busy` … */
                outcome?: string | null;
                /** @description `waiting`, `offered`, `connecting`, `connected`, `on_hold`, `wrap_up` or `ended`. */
                phase: string;
                price?: components["schemas"]["Money"] | null;
                queue?: components["schemas"]["NamedRef"] | null;
                sentiment?: string | null;
                /** Format: date-time */
                started_at: string;
                /** @description `ringing`, `in-progress`, `completed`, `busy`, `no-answer`, `failed` or `canceled`. */
                status: string;
                /** Format: int64 */
                talk_seconds?: number | null;
                to_number: string;
                /** Format: int64 */
                wait_seconds?: number | null;
                /**
                 * Format: date-time
                 * @description Since when the caller waits for an agent.
                 */
                waiting_since?: string | null;
                /** Format: date-time */
                wrap_up_ends_at?: string | null;
            }[];
            /** @description Pass it as `cursor` for the items after these; null at the end. */
            next?: string | null;
        };
        /** @description One page of a list, newest first. */
        Page_ContactView: {
            /** @description The items. */
            items: {
                company?: string | null;
                /** Format: date-time */
                created_at: string;
                /** @description The main one first. */
                emails: string[];
                id: string;
                /** @description `lead`, `customer` or `other`. */
                kind: components["schemas"]["Kind"];
                name: string;
                note?: string | null;
                /** @description The main one first. */
                phones: components["schemas"]["PhoneView"][];
                /** Format: date-time */
                updated_at: string;
            }[];
            /** @description Pass it as `cursor` for the items after these; null at the end. */
            next?: string | null;
        };
        /** @description One page of a list, newest first. */
        Page_CountryView: {
            /** @description The items. */
            items: {
                /** @description ISO 3166 alpha-2. */
                country: string;
                name: string;
                types: components["schemas"]["TypeView"][];
            }[];
            /** @description Pass it as `cursor` for the items after these; null at the end. */
            next?: string | null;
        };
        /** @description One page of a list, newest first. */
        Page_ImportableView: {
            /** @description The items. */
            items: {
                /** @description `here` or `another organization`; null where it can be taken over. */
                already?: string | null;
                capabilities: components["schemas"]["CapabilitiesView"];
                friendly_name?: string | null;
                /** @description E.164. */
                number: string;
                /** @description Where its calls go now, if not here. */
                points_to?: string | null;
                /** @description `PN…`. */
                sid: string;
                /** @description What should be known before it is taken over. */
                warnings: string[];
            }[];
            /** @description Pass it as `cursor` for the items after these; null at the end. */
            next?: string | null;
        };
        /** @description One page of a list, newest first. */
        Page_LoggedEventView: {
            /** @description The items. */
            items: (components["schemas"]["CallEventView"] & {
                call_id: string;
            })[];
            /** @description Pass it as `cursor` for the items after these; null at the end. */
            next?: string | null;
        };
        /** @description One page of a list, newest first. */
        Page_NumberView: {
            /** @description The items. */
            items: {
                /** @description The id of the agent whose own number it is. */
                agent?: string | null;
                capabilities?: components["schemas"]["CapabilitiesView"] | null;
                /** @description The id of the carrier account that holds it. */
                carrier: string;
                /** @description ISO 3166 alpha-2. */
                country?: string | null;
                /** Format: date-time */
                created_at: string;
                /** @description An emergency address is registered for it at the carrier. */
                emergency_address: boolean;
                /** @description The carrier's own word for that, such as `registered` or `pending-registration`. */
                emergency_status?: string | null;
                /** @description Where the carrier asks when this server does not answer; null is an address of this server's own. */
                fallback?: string | null;
                /** @description What the carrier calls it. */
                friendly_name?: string | null;
                id: string;
                /** @description What people call it; kept in step at the carrier. */
                label?: string | null;
                monthly?: components["schemas"]["Money"] | null;
                /** @description E.164. */
                number: string;
                /** @description Whether its calls are recorded; null: as the organization says. */
                record?: boolean | null;
                route: components["schemas"]["RouteView"];
                /** @description Somebody chose the route; otherwise it follows the owner, or the documented door at which a call comes in. */
                route_chosen: boolean;
                /** @description The carrier's id of it (`PN…`), once known. */
                sid?: string | null;
                /** @description `local`, `mobile`, `national` or `toll_free`, once known. */
                type?: string | null;
                /** @description Where a call to it goes. */
                way: components["schemas"]["WayView"];
            }[];
            /** @description Pass it as `cursor` for the items after these; null at the end. */
            next?: string | null;
        };
        /** @description One page of a list, newest first. */
        Page_OfferView: {
            /** @description The items. */
            items: {
                call: components["schemas"]["CallView"];
                /** Format: date-time */
                expires_at: string;
                id: string;
                /** Format: date-time */
                offered_at: string;
            }[];
            /** @description Pass it as `cursor` for the items after these; null at the end. */
            next?: string | null;
        };
        /** @description One page of a list, newest first. */
        Page_OrderView: {
            /** @description The items. */
            items: {
                /** Format: date-time */
                at: string;
                id: string;
                /** @description E.164. */
                number: string;
                /** @description The number that came of it. */
                number_id?: string | null;
                /** @description Why it failed. */
                reason?: string | null;
                /** @description `buying`, `unknown` (it may have been bought; the account is looked at), `done` or `failed`. */
                state: string;
            }[];
            /** @description Pass it as `cursor` for the items after these; null at the end. */
            next?: string | null;
        };
        /** @description One page of a list, newest first. */
        Page_QueueView: {
            /** @description The items. */
            items: {
                greeting?: string | null;
                id: string;
                label: string;
                /** Format: int32 */
                max_wait_seconds: number;
                members: components["schemas"]["NamedRef"][];
                /** @description Its name at the carrier too, such as `support_queue`. */
                name: string;
                /** Format: int32 */
                offer_seconds: number;
                overflow: components["schemas"]["OverflowView"];
                ring: components["schemas"]["RingView"];
                /** @description How many callers wait now. */
                waiting: number;
            }[];
            /** @description Pass it as `cursor` for the items after these; null at the end. */
            next?: string | null;
        };
        /** @description One page of a list, newest first. */
        Page_UserView: {
            /** @description The items. */
            items: {
                /** @description May log in and take calls. */
                active: boolean;
                /** @description The id of the number shown by default. */
                caller_number?: string | null;
                /** Format: date-time */
                created_at: string;
                email: string;
                id: string;
                /** @description Has not used the one-time link yet. */
                invited: boolean;
                name: string;
                /** @description E.164: takes calls on this phone instead of the softphone. */
                own_phone?: string | null;
                /** @description The ids of the queues whose calls this person is offered. */
                queues: string[];
                role: components["schemas"]["Role"];
            }[];
            /** @description Pass it as `cursor` for the items after these; null at the end. */
            next?: string | null;
        };
        /** @description One page of a list, newest first. */
        Page_VoicemailView: {
            /** @description The items. */
            items: {
                /** @description The call in which it was left. */
                call: components["schemas"]["CallView"];
                /** Format: date-time */
                created_at: string;
                /** Format: date-time */
                heard_at?: string | null;
                heard_by?: components["schemas"]["NamedRef"] | null;
                id: string;
                /** @description To be heard at `/calls/{call}/recordings/{recording_id}/audio`; null until it has arrived. */
                recording_id?: string | null;
                /** Format: int32 */
                seconds: number;
            }[];
            /** @description Pass it as `cursor` for the items after these; null at the end. */
            next?: string | null;
        };
        /** @description One page of a list, newest first. */
        Page_WaitingView: {
            /** @description The items. */
            items: {
                call_id: string;
                contact?: components["schemas"]["NamedRef"] | null;
                from_number: string;
                /** @description 1 is next. */
                position: number;
                /** Format: date-time */
                waiting_since: string;
            }[];
            /** @description Pass it as `cursor` for the items after these; null at the end. */
            next?: string | null;
        };
        /** @description Which papers the numbers need, and which of the account's fit. */
        PapersView: {
            /** @description `none`, `any`, `local` (in the number's country) or `foreign` (outside of it). */
            address_rule: string;
            addresses: components["schemas"]["AddressView"][];
            bundles: components["schemas"]["BundleView"][];
            /** @description Where what is missing is made. */
            link?: string | null;
            needs_address: boolean;
            needs_bundle: boolean;
            /** @description The account has what is needed. */
            ready: boolean;
            /** @description What is needed, and what is chosen or missing. */
            sentence: string;
        };
        /** @description A recording as a player draws it. */
        Peaks: {
            /** @description For each channel the loudness of each slice, 0 to 1. */
            channels: number[][];
            /**
             * Format: double
             * @description The length.
             */
            seconds: number;
        };
        /** @description A purchase that goes on. */
        Pending: {
            order: components["schemas"]["OrderView"];
        };
        /**
         * @description Everything that a role may allow.
         * @enum {string}
         */
        Permission: "work" | "edit_contacts" | "delete_contacts" | "hear_all" | "manage_calls" | "export" | "manage_queues" | "manage_numbers" | "manage_users" | "manage_carrier" | "manage_organization" | "manage_api_keys" | "view_audit" | "silence_notice";
        /** @description A phone of a contact. */
        PhoneView: {
            /** @description Such as `mobile`. */
            label?: string | null;
            /** @description E.164 in answers; any format of the organization's country, or with a country's code, in requests. */
            number: string;
        };
        /** @description What happened since a cursor. */
        Polled: {
            /** @description To be sent with the next poll. */
            cursor: string;
            events: components["schemas"]["Frame"][];
            /** @description The cursor was unknown or too old: load everything again. */
            reset: boolean;
        };
        /** @description What an agent is doing: derived, never stored. */
        Presence: {
            /** @description The call that keeps a busy agent. */
            call_id?: string | null;
            /** @description What the agent chose, whatever the device says: `available` or `away`. */
            chosen: string;
            /** @description Why away. */
            reason?: string | null;
            /** Format: date-time */
            since?: string | null;
            /** @description `offline`, `available`, `busy`, `wrap_up` or `away`. */
            state: string;
            /** Format: date-time */
            wrap_up_ends_at?: string | null;
        };
        /** @description The body of every error answer. */
        Problem: {
            /** @description A stable word for programs. */
            code: string;
            /** @description What happened here and what to do. */
            detail: string;
            /** @description The field that was not accepted. */
            field?: string | null;
            /**
             * Format: int32
             * @description The HTTP status again.
             */
            status: number;
            /** @description The kind in a few words. */
            title: string;
            /** @description A URI naming this kind of problem. */
            type: string;
        };
        /** @description What to buy, and what it shall be. */
        PurchaseInput: {
            /** @description The first that fits by default. */
            address_sid?: string | null;
            /** @description The id of the agent whose own it will be. */
            agent?: string | null;
            /** @description The first that fits by default. */
            bundle_sid?: string | null;
            /** @description ISO 3166 alpha-2; the number's own by default. */
            country?: string | null;
            label?: string | null;
            /** @description As the search showed it. */
            number?: string | null;
            route?: components["schemas"]["RouteView"] | null;
            /** @description `local`, `mobile`, `national` or `toll_free`. */
            type?: string | null;
        };
        /** @description A queue to add or to change; what is left out stays as it is. */
        QueueInput: {
            greeting?: string | null;
            label?: string | null;
            /**
             * Format: int32
             * @description 10 to 3600.
             */
            max_wait_seconds?: number | null;
            /** @description Small letters, digits and underscores; cannot be changed. */
            name?: string | null;
            /**
             * Format: int32
             * @description 5 to 120.
             */
            offer_seconds?: number | null;
            overflow?: components["schemas"]["OverflowView"] | null;
            ring?: components["schemas"]["RingView"] | null;
        };
        /** @description Where inbound callers wait. */
        QueueView: {
            greeting?: string | null;
            id: string;
            label: string;
            /** Format: int32 */
            max_wait_seconds: number;
            members: components["schemas"]["NamedRef"][];
            /** @description Its name at the carrier too, such as `support_queue`. */
            name: string;
            /** Format: int32 */
            offer_seconds: number;
            overflow: components["schemas"]["OverflowView"];
            ring: components["schemas"]["RingView"];
            /** @description How many callers wait now. */
            waiting: number;
        };
        /** @description The audio of a call. */
        RecordingView: {
            /**
             * Format: int32
             * @description 1 or 2; with 2 the first is the customer, the second what the customer hears.
             */
            channels?: number | null;
            id: string;
            /** @description Why there is nothing to hear. */
            reason?: string | null;
            /** Format: int32 */
            seconds?: number | null;
            /** Format: date-time */
            started_at?: string | null;
            /** @description `in-progress`, `waiting`, `ready`, `absent` or `failed`. */
            status: string;
        };
        /** @description What was not. */
        RefusedView: {
            /** @description `not_found`, `number_taken`, `number_exists` or `no_voice`. */
            code: string;
            detail: string;
            sid: string;
        };
        /** @description What to repair. */
        RepairInput: {
            /** @description Ids of items of the report; all that can be repaired when left out. */
            items?: string[] | null;
        };
        /**
         * @description How agents are rung.
         * @enum {string}
         */
        RingView: "all" | "longest_idle";
        /**
         * @description What a person is in an organization; each may do all that the ones after it may.
         * @enum {string}
         */
        Role: "agent" | "supervisor" | "admin" | "owner";
        /** @description The last change of an account's token. */
        Rotation: {
            /**
             * Format: date-time
             * @description Until when webhooks with the token of before are accepted.
             */
            old_token_until?: string | null;
            /** @description Why it failed, or what it waits for. */
            reason?: string | null;
            /**
             * Format: date-time
             * @description When it was asked for.
             */
            started_at?: string | null;
            /** @description How far it came. */
            state: components["schemas"]["RotationState"];
            /** @description What was done. */
            steps: components["schemas"]["RotationStep"][];
        };
        /**
         * @description How far it came.
         * @enum {string}
         */
        RotationState: "none" | "created" | "stored" | "promoted" | "verified" | "done" | "failed";
        /** @description One step of it. */
        RotationStep: {
            /** @description In words. */
            detail: string;
            /** @description `create`, `store`, `promote`, `verify` or `keys`. */
            name: string;
            /** @description It went well. */
            ok: boolean;
        };
        /** @description Where a call goes first, and then. */
        RouteView: {
            /** @description Spoken first; null is the queue's, the organization's or the bundled one. */
            greeting?: string | null;
            overflow?: components["schemas"]["OverflowView"] | null;
            /** @description First. */
            to: components["schemas"]["DestinationView"];
        };
        /** @description An account that was just saved. */
        SavedCarrier: components["schemas"]["CarrierView"] & {
            verdict?: components["schemas"]["Verdict"] | null;
        };
        /** @description The organization of a session. */
        SessionOrganization: {
            /** @description ISO 3166 alpha-2: how numbers without a country's code are read. */
            country: string;
            currency: string;
            id: string;
            name: string;
            slug: string;
        };
        /** @description The person of a session. */
        SessionUser: {
            email: string;
            id: string;
            name: string;
            role: components["schemas"]["Role"];
        };
        /** @description What a link is good for. */
        SetupLink: {
            email?: string | null;
            /** @description Whose invitation or new password it is. */
            name?: string | null;
            organization?: string | null;
            /** @description `setup`, `invite` or `reset`. */
            purpose: string;
            valid: boolean;
        };
        /** @description How far the set-up is. */
        SetupProgress: {
            /** @description The first that is not behind us; `done` when all are. */
            next: string;
            /** @description In their order. */
            steps: components["schemas"]["SetupStep"][];
        };
        /** @description A step of the wizard. */
        SetupStep: {
            /** @description It is behind us. */
            done: boolean;
            /** @description `carrier`, `number`, `test_call` or `done`. */
            id: string;
        };
        /** @description A session that has just begun. */
        SignedIn: components["schemas"]["Me"] & {
            /** Format: date-time */
            expires_at: string;
            /** @description To be sent as `Authorization: Bearer …`; browsers have it in a cookie as well. */
            token: string;
        };
        /** @description What a softphone registers with. */
        SoftphoneToken: {
            /** @description The carrier's entrance for the device, where its region has one of its own. */
            edge?: string | null;
            /** Format: date-time */
            expires_at: string;
            /** @description The agent's name at the carrier. */
            identity: string;
            /** @description Where to signal, only with the sandbox. */
            signaling_url?: string | null;
            token: string;
        };
        /** @description One stop of the picture. */
        StepView: {
            /** @description `number`, `queue`, `agents`, `phone`, `voicemail` or `hang_up`. */
            kind: string;
            label: string;
        };
        /** @description Whom to call for a test. */
        TestCall: {
            /** @description A phone that somebody can pick up, in any format; the caller's own phone, where one is entered, when it is left out. */
            to?: string | null;
        };
        /** @description A test call that was begun. */
        TestCallBegun: {
            /** @description The call: the page connects its device with it, as for every call. */
            call_id: string;
        };
        /** @description What to repair. */
        ToRepair: {
            /** @description The check whose finding is to be repaired; all that can be when it is left out. */
            check?: string | null;
        };
        /** @description A kind of number, and what it costs. */
        TypeView: {
            monthly?: components["schemas"]["Money"] | null;
            /** @description `local`, `mobile`, `national` or `toll_free`. */
            type: string;
        };
        /** @description What to change about a person. */
        UserChange: {
            /** @description `false` ends the person's sessions at once. */
            active?: boolean | null;
            caller_number?: string | null;
            email?: string | null;
            name?: string | null;
            own_phone?: string | null;
            queues?: string[] | null;
            role?: components["schemas"]["Role"] | null;
        };
        /** @description A person of the organization. */
        UserView: {
            /** @description May log in and take calls. */
            active: boolean;
            /** @description The id of the number shown by default. */
            caller_number?: string | null;
            /** Format: date-time */
            created_at: string;
            email: string;
            id: string;
            /** @description Has not used the one-time link yet. */
            invited: boolean;
            name: string;
            /** @description E.164: takes calls on this phone instead of the softphone. */
            own_phone?: string | null;
            /** @description The ids of the queues whose calls this person is offered. */
            queues: string[];
            role: components["schemas"]["Role"];
        };
        /** @description A person with the one-time link to send to them; it is shown this once. */
        UserWithLink: components["schemas"]["UserView"] & {
            link: string;
            /** Format: date-time */
            link_expires_at: string;
        };
        /** @description The carrier calls the number now and asks for the code. */
        ValidationView: {
            call_sid?: string | null;
            /** @description E.164. */
            number: string;
            /** @description Six digits, to be keyed at that phone. */
            validation_code: string;
        };
        /** @description What came of the test. */
        Verdict: {
            /** @description Each thing that was tried. */
            checks: components["schemas"]["Check"][];
            /** @description Everything that was tried went well. */
            ok: boolean;
        };
        /** @description What to change about a voicemail. */
        VoicemailChange: {
            /** @description Somebody has heard it; it cannot be unheard. */
            heard: boolean;
        };
        /** @description A message that a caller left. */
        VoicemailView: {
            /** @description The call in which it was left. */
            call: components["schemas"]["CallView"];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            heard_at?: string | null;
            heard_by?: components["schemas"]["NamedRef"] | null;
            id: string;
            /** @description To be heard at `/calls/{call}/recordings/{recording_id}/audio`; null until it has arrived. */
            recording_id?: string | null;
            /** Format: int32 */
            seconds: number;
        };
        /** @description Somebody who waits. */
        WaitingView: {
            call_id: string;
            contact?: components["schemas"]["NamedRef"] | null;
            from_number: string;
            /** @description 1 is next. */
            position: number;
            /** Format: date-time */
            waiting_since: string;
        };
        /** @description Where a call to a number goes. */
        WayView: {
            /** @description In one sentence. */
            sentence: string;
            /** @description As a picture, from left to right. */
            steps: components["schemas"]["StepView"][];
        };
        /** @description The addresses to paste at the carrier. */
        Webhooks: {
            /** @description The TwiML App: status callback URL, by POST. */
            app_status: string;
            /** @description The TwiML App: voice request URL, by POST. */
            app_voice: string;
            /** @description Each number: "Call status changes", by POST. */
            number_status: string;
            /** @description Each number: "A call comes in", by POST. */
            number_voice: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
