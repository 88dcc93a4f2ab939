//! The whole table of routes: the plain API, and below their host names the newer products.

use axum::routing::{MethodRouter, get, post};
use axum::{Router, middleware};

use super::refusal::Refusal;
use super::{
    accounts, addresses, alerts, applications, available, beside, bundles, caller_ids, calls,
    conferences, dialing, documents, faults, keys, lookups, messages, numbers, participants,
    pricing, queues, recordings, routes, services, sms, tokens, transcripts, usage,
};
use crate::driver::Sandbox;

/// The whole table of routes.
pub fn router(sandbox: Sandbox) -> Router {
    let account = Router::new()
        .merge(settings())
        .merge(number_routes())
        .merge(voice())
        .merge(rooms())
        .merge(texts())
        .merge(sound());
    let api = Router::new()
        .route("/Accounts.json", get(accounts::list).post(accounts::create))
        .route(
            "/Accounts/{account}",
            get(accounts::fetch).post(accounts::update),
        )
        .nest("/Accounts/{account}", account);
    let mut all = Router::new().nest("/2010-04-01", closed(api));
    for (host, product) in [
        ("accounts", account_secrets()),
        ("iam", iam()),
        (
            "lookups",
            Router::new().route("/v2/PhoneNumbers/{number}", get(lookups::fetch)),
        ),
        ("messaging", messaging()),
        ("monitor", monitor()),
        ("numbers", regulatory()),
        ("pricing", prices()),
        ("routes", regions()),
        ("voice", permissions()),
    ] {
        all = all.nest(&format!("/{host}.twilio.com"), closed(product));
    }
    all.layer(middleware::from_fn_with_state(
        sandbox.clone(),
        faults::meddle,
    ))
    .with_state(sandbox)
}

/// Whatever is not in a product's table is not there.
fn closed(product: Router<Sandbox>) -> Router<Sandbox> {
    product
        .fallback(async || Refusal::not_found())
        .method_not_allowed_fallback(async || Refusal::method_not_allowed())
}

fn settings() -> Router<Sandbox> {
    let key = get(keys::fetch).post(keys::update).delete(keys::delete);
    let application = get(applications::fetch)
        .post(applications::update)
        .delete(applications::delete);
    let address = get(addresses::fetch)
        .post(addresses::update)
        .delete(addresses::delete);
    let caller_id = get(caller_ids::fetch)
        .post(caller_ids::update)
        .delete(caller_ids::delete);
    Router::new()
        .route("/Balance.json", get(accounts::balance))
        .route("/Tokens.json", post(tokens::create))
        .route("/Usage/Records.json", get(usage::records))
        .route("/Usage/Records/{span}", get(usage::records))
        .route("/Keys.json", get(keys::list).post(keys::create))
        .route("/Keys/{key}", key)
        .route(
            "/Applications.json",
            get(applications::list).post(applications::create),
        )
        .route("/Applications/{application}", application)
        .route(
            "/Addresses.json",
            get(addresses::list).post(addresses::create),
        )
        .route("/Addresses/{address}", address)
        .route(
            "/Addresses/{address}/DependentPhoneNumbers.json",
            get(addresses::dependents),
        )
        .route(
            "/OutgoingCallerIds.json",
            get(caller_ids::list).post(caller_ids::create),
        )
        .route("/OutgoingCallerIds/{caller_id}", caller_id)
        .route("/Notifications.json", get(alerts::notifications))
        .route("/Notifications/{alert}", get(alerts::notification_of))
}

fn number_routes() -> Router<Sandbox> {
    const OWN: &str = "/IncomingPhoneNumbers";
    let number = get(numbers::fetch)
        .post(numbers::update)
        .delete(numbers::delete);
    let list = || -> MethodRouter<Sandbox> { get(numbers::list).post(numbers::create) };
    Router::new()
        .route("/AvailablePhoneNumbers.json", get(available::countries))
        .route("/AvailablePhoneNumbers/{country}", get(available::country))
        .route(
            "/AvailablePhoneNumbers/{country}/{kind}",
            get(available::search),
        )
        .route(&format!("{OWN}.json"), list())
        .route(&format!("{OWN}/Local.json"), list())
        .route(&format!("{OWN}/Mobile.json"), list())
        .route(&format!("{OWN}/TollFree.json"), list())
        .route(&format!("{OWN}/{{number}}"), number)
}

fn voice() -> Router<Sandbox> {
    let queue = get(queues::fetch)
        .post(queues::update)
        .delete(queues::delete);
    Router::new()
        .route("/Calls.json", get(calls::list).post(calls::create))
        .route(
            "/Calls/{call}",
            get(calls::fetch).post(calls::update).delete(calls::delete),
        )
        .route(
            "/Calls/{call}/UserDefinedMessages.json",
            post(messages::send),
        )
        .route(
            "/Calls/{call}/UserDefinedMessageSubscriptions.json",
            post(messages::subscribe),
        )
        .route(
            "/Calls/{call}/UserDefinedMessageSubscriptions/{subscription}",
            axum::routing::delete(messages::unsubscribe),
        )
        .route("/Calls/{call}/Streams.json", post(beside::start_stream))
        .route("/Calls/{call}/Streams/{stream}", post(beside::stop_stream))
        .route(
            "/Calls/{call}/Transcriptions.json",
            post(beside::start_captions),
        )
        .route(
            "/Calls/{call}/Transcriptions/{transcription}",
            post(beside::stop_captions),
        )
        .route("/Calls/{call}/Events.json", get(alerts::events))
        .route(
            "/Calls/{call}/Notifications.json",
            get(alerts::notifications),
        )
        .route(
            "/Calls/{call}/Notifications/{alert}",
            get(alerts::notification_of),
        )
        .route("/Queues.json", get(queues::list).post(queues::create))
        .route("/Queues/{queue}", queue)
        .route("/Queues/{queue}/Members.json", get(queues::list_members))
        .route(
            "/Queues/{queue}/Members/{member}",
            get(queues::fetch_member).post(queues::update_member),
        )
}

fn rooms() -> Router<Sandbox> {
    const PARTICIPANTS: &str = "/Conferences/{conference}/Participants";
    let participant = get(participants::fetch)
        .post(participants::update)
        .delete(participants::delete);
    Router::new()
        .route("/Conferences.json", get(conferences::list))
        .route(
            "/Conferences/{conference}",
            get(conferences::fetch).post(conferences::update),
        )
        .route(
            &format!("{PARTICIPANTS}.json"),
            get(participants::list).post(participants::create),
        )
        .route(&format!("{PARTICIPANTS}/{{participant}}"), participant)
}

fn texts() -> Router<Sandbox> {
    const MESSAGE: &str = "/Messages/{message}";
    Router::new()
        .route("/Messages.json", get(sms::list).post(sms::create))
        .route(
            MESSAGE,
            get(sms::fetch).post(sms::update).delete(sms::delete),
        )
        .route(&format!("{MESSAGE}/Feedback.json"), post(sms::feedback))
        .route(&format!("{MESSAGE}/Media.json"), get(sms::files))
        .route(
            &format!("{MESSAGE}/Media/{{media}}"),
            get(sms::file).delete(sms::delete_file),
        )
}

fn messaging() -> Router<Sandbox> {
    const SERVICE: &str = "/v1/Services/{service}";
    Router::new()
        .route("/v1/Services", get(services::list).post(services::create))
        .route(
            SERVICE,
            get(services::fetch)
                .post(services::update)
                .delete(services::delete),
        )
        .route(
            &format!("{SERVICE}/PhoneNumbers"),
            get(services::numbers).post(services::add),
        )
        .route(
            &format!("{SERVICE}/PhoneNumbers/{{number}}"),
            get(services::number).delete(services::remove),
        )
}

fn sound() -> Router<Sandbox> {
    let transcript = get(transcripts::fetch).delete(transcripts::delete);
    let recording = get(recordings::fetch)
        .post(recordings::update)
        .delete(recordings::delete);
    Router::new()
        .route(
            "/Calls/{call}/Recordings.json",
            get(recordings::of_call).post(recordings::start),
        )
        .route("/Calls/{call}/Recordings/{recording}", recording.clone())
        .route(
            "/Conferences/{conference}/Recordings.json",
            get(recordings::of_conference),
        )
        .route(
            "/Conferences/{conference}/Recordings/{recording}",
            recording,
        )
        .route("/Recordings.json", get(recordings::list))
        .route(
            "/Recordings/{recording}",
            get(recordings::fetch_or_media).delete(recordings::delete),
        )
        .route(
            "/Recordings/{recording}/Transcriptions.json",
            get(transcripts::list),
        )
        .route(
            "/Recordings/{recording}/Transcriptions/{transcription}",
            transcript.clone(),
        )
        .route("/Transcriptions.json", get(transcripts::list))
        .route("/Transcriptions/{transcription}", transcript)
}

fn account_secrets() -> Router<Sandbox> {
    Router::new()
        .route(
            "/v1/AuthTokens/Secondary",
            post(accounts::create_secondary).delete(accounts::delete_secondary),
        )
        .route("/v1/AuthTokens/Promote", post(accounts::promote))
}

fn iam() -> Router<Sandbox> {
    let key = get(keys::fetch_any)
        .post(keys::update_any)
        .delete(keys::delete);
    Router::new()
        .route("/v1/Keys", get(keys::list_all).post(keys::create_any))
        .route("/v1/Keys/{key}", key)
}

fn monitor() -> Router<Sandbox> {
    Router::new()
        .route("/v1/Alerts", get(alerts::list))
        .route("/v1/Alerts/{alert}", get(alerts::fetch))
}

fn regulatory() -> Router<Sandbox> {
    const BUNDLE: &str = "/Bundles/{bundle}";
    let bundle = get(bundles::fetch)
        .post(bundles::update)
        .delete(bundles::delete);
    let user = get(documents::fetch_user)
        .post(documents::update_user)
        .delete(documents::delete);
    let document = get(documents::fetch_document)
        .post(documents::update_document)
        .delete(documents::delete);
    let table = Router::new()
        .route("/Regulations", get(documents::all_regulations))
        .route(
            "/Regulations/{regulation}",
            get(documents::fetch_regulation),
        )
        .route(
            "/EndUsers",
            get(documents::users).post(documents::create_user),
        )
        .route("/EndUsers/{paper}", user)
        .route("/EndUserTypes", get(documents::user_types))
        .route("/EndUserTypes/{kind}", get(documents::fetch_user_type))
        .route(
            "/SupportingDocuments",
            get(documents::documents).post(documents::create_document),
        )
        .route("/SupportingDocuments/{paper}", document)
        .route("/SupportingDocumentTypes", get(documents::document_types))
        .route(
            "/SupportingDocumentTypes/{kind}",
            get(documents::fetch_document_type),
        )
        .route("/Bundles", get(bundles::list).post(bundles::create))
        .route(BUNDLE, bundle)
        .route(
            &format!("{BUNDLE}/ItemAssignments"),
            get(bundles::items).post(bundles::assign),
        )
        .route(
            &format!("{BUNDLE}/ItemAssignments/{{item}}"),
            get(bundles::fetch_item).delete(bundles::remove),
        )
        .route(
            &format!("{BUNDLE}/Evaluations"),
            get(bundles::evaluations).post(bundles::evaluate),
        )
        .route(
            &format!("{BUNDLE}/Evaluations/{{evaluation}}"),
            get(bundles::fetch_evaluation),
        )
        .route(
            &format!("{BUNDLE}/Copies"),
            get(bundles::copies).post(bundles::copy),
        );
    Router::new().nest("/v2/RegulatoryCompliance", table)
}

fn prices() -> Router<Sandbox> {
    let mut table = Router::new();
    for list in [
        "/v1/PhoneNumbers",
        "/v1/Messaging",
        "/v1/Voice",
        "/v2/Voice",
    ] {
        table = table
            .route(&format!("{list}/Countries"), get(pricing::countries))
            .route(
                &format!("{list}/Countries/{{country}}"),
                get(pricing::country),
            );
    }
    table
        .route("/v1/Voice/Numbers/{number}", get(pricing::number_old))
        .route("/v2/Voice/Numbers/{number}", get(pricing::number))
}

fn regions() -> Router<Sandbox> {
    Router::new().route(
        "/v2/PhoneNumbers/{number}",
        get(routes::fetch).post(routes::update),
    )
}

fn permissions() -> Router<Sandbox> {
    Router::new()
        .route("/v1/DialingPermissions/Countries", get(dialing::countries))
        .route(
            "/v1/DialingPermissions/Countries/{country}",
            get(dialing::country),
        )
        .route(
            "/v1/DialingPermissions/Countries/{country}/HighRiskSpecialPrefixes",
            get(dialing::prefixes),
        )
        .route(
            "/v1/DialingPermissions/BulkCountryUpdates",
            post(dialing::update),
        )
}
