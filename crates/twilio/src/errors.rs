//! Twilio's error codes in plain words, each with what helps. <https://www.twilio.com/docs/api/errors>

/// What an error code means to the person who meets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    /// What happened.
    pub meaning: &'static str,
    /// What helps.
    pub cure: &'static str,
}

/// Explains a code of the REST API, of a webhook, of a call or of the Voice SDK; `None` for one that says nothing to a user.
pub fn explain(code: u32) -> Option<Explanation> {
    TABLE
        .iter()
        .find(|(codes, _, _)| codes.contains(&code))
        .map(|(_, meaning, cure)| Explanation { meaning, cure })
}

const TABLE: &[(&[u32], &str, &str)] = &[
    // Credentials and account.
    (
        &[20003],
        "Twilio refused the credentials.",
        "Check that Account SID and auth token (or API key and secret) belong together, that the key still exists, belongs to this region and is no test key, and that the account is active.",
    ),
    (
        &[20005, 10001, 90010],
        "The Twilio account is not active.",
        "Settle what is open at Twilio or talk to its support; a suspended parent account counts too.",
    ),
    (
        &[20008],
        "These are test credentials, which cannot do this.",
        "Use the account's live credentials.",
    ),
    (
        &[20403],
        "The credentials do not have the right to do this.",
        "Use a key with more rights, or the account's auth token.",
    ),
    (
        &[20404],
        "Twilio does not know this resource.",
        "It may be gone, or belong to another account or region.",
    ),
    (
        &[20004],
        "Twilio does not allow this method here.",
        "This is a fault in the program: please report it.",
    ),
    (
        &[20409],
        "Twilio refused because something else changed it at the same time.",
        "Try again.",
    ),
    (
        &[20429],
        "Too many requests reached Twilio at once; this one was not carried out.",
        "It is tried again a little later; nothing needs to be done unless it persists.",
    ),
    (
        &[20500, 20503],
        "Twilio had a problem of its own.",
        "Try again later; see status.twilio.com.",
    ),
    (
        &[10002, 21404],
        "A trial account cannot do this.",
        "Upgrade the Twilio account.",
    ),
    (
        &[10004, 16021],
        "The account has reached its limit of calls at the same time.",
        "Have the business profile approved at Twilio, or upgrade.",
    ),
    (
        &[13805],
        "The call was cut: calls of a trial account end after 10 minutes.",
        "Upgrade the Twilio account.",
    ),
    (
        &[21219, 573_005, 21608],
        "A trial account reaches verified numbers only.",
        "Verify the number at Twilio, or upgrade the account.",
    ),
    (
        &[22005],
        "More than a day of calls is waiting at Twilio.",
        "Start calls more slowly, or have the account's calls per second raised.",
    ),
    (
        &[22300],
        "Twilio gives this account no new numbers.",
        "Talk to Twilio's compliance team.",
    ),
    (
        &[21301, 21302],
        "The account has, or almost has, as many TwiML Apps as it may: 1000.",
        "Delete those that nobody uses in Twilio's console.",
    ),
    (
        &[21480],
        "The account has as many subaccounts as it may.",
        "Close some, or ask Twilio for more.",
    ),
    (
        &[57012],
        "There is no second auth token to be made the first.",
        "Begin the rotation again in the settings.",
    ),
    // Making a call.
    (
        &[21201, 21604],
        "There is no number to reach.",
        "Enter a number.",
    ),
    (
        &[21205, 21402, 21609],
        "Twilio does not accept our callback address.",
        "The public URL needs a host that the internet can reach, without an underscore in its name.",
    ),
    (
        &[21206],
        "The keys to be pressed after the answer are not acceptable.",
        "At most 32 of 0-9, A-D, #, *, w and W.",
    ),
    (
        &[21208],
        "The ringing time is not acceptable.",
        "Use 1 to 600 seconds.",
    ),
    (
        &[21210],
        "The number to be shown does not belong to this account.",
        "Use one of the account's numbers, or verify this one at Twilio.",
    ),
    (
        &[21211, 21217, 13223, 13224, 13226, 13243],
        "This number cannot exist.",
        "Check the number, country code first; a number cannot call itself.",
    ),
    (
        &[21212, 21213, 13247],
        "The number to be shown cannot be used.",
        "Choose another of the account's numbers.",
    ),
    (
        &[21214, 21612],
        "This number cannot be reached from here.",
        "Try later, or another number.",
    ),
    (
        &[21215, 13227, 21408],
        "The account may not call this country.",
        "Allow the country in Twilio's geographic permissions.",
    ),
    (
        &[21216, 13225],
        "Twilio blocks this number.",
        "Ask Twilio's support.",
    ),
    (
        &[13214],
        "The number to be shown must be the caller's, the one that was called, or one that is verified.",
        "Set a caller ID that the account owns.",
    ),
    (
        &[21218],
        "The TwiML App is gone.",
        "Make a new one and enter its SID in the settings.",
    ),
    (
        &[21220],
        "The call is no longer in that state.",
        "It has moved on; the page shows it as it is.",
    ),
    (
        &[21207, 21262],
        "Answering machine detection is not set up rightly, or has nowhere to send its result.",
        "Set Enable or DetectMessageEnd, and a callback for it.",
    ),
    (
        &[21405, 21406],
        "A fallback address needs a primary one.",
        "Set both.",
    ),
    (
        &[32017],
        "The other carrier refused the call because of the shown number's reputation.",
        "Register the number and its calls (SHAKEN/STIR, Voice Integrity).",
    ),
    // Buying numbers.
    (
        &[21421, 21422, 21451, 21452],
        "This number cannot be bought: it is wrong, just sold, or none is left there.",
        "Search again.",
    ),
    (
        &[21613, 21615, 21631, 21649, 21650, 21651],
        "Papers are missing for this number.",
        "Register an address or an approved regulatory bundle at Twilio.",
    ),
    (
        &[21409],
        "Callers' names cannot be looked up for this number.",
        "Switch the look-up off for it.",
    ),
    (
        &[21450, 21453],
        "This number is verified already, for this account or another one.",
        "Choose it among the verified numbers, or use another.",
    ),
    // Our webhooks as Twilio saw them.
    (
        &[11200],
        "Our server answered a webhook with an error, or not within 15 seconds.",
        "See the request log for that time.",
    ),
    (
        &[11205],
        "Twilio could not connect to our server.",
        "Check that the public URL can be reached from the internet: its name, its port, and the firewall.",
    ),
    (
        &[11206],
        "What answers at our address does not speak HTTP as Twilio does.",
        "Check the port in the public URL and the proxy in front of the server.",
    ),
    (
        &[11210],
        "Twilio does not find the name of our server.",
        "Check the DNS entry of the public URL's host; a new one takes a while to be known.",
    ),
    (
        &[
            11220, 11221, 11222, 11223, 11224, 11225, 11226, 11227, 11228, 11229, 11235, 11236,
            11237,
        ],
        "Twilio does not accept our server's certificate.",
        "Serve a certificate of a public authority with its whole chain, for exactly the public URL's host, that has not expired.",
    ),
    (
        &[11215],
        "A webhook was redirected too often.",
        "Point Twilio at the final address.",
    ),
    (
        &[11750, 32018],
        "Our TwiML was too long.",
        "This is a fault in the program: please report it.",
    ),
    (
        &[11770],
        "Our answer to a webhook was empty.",
        "This is a fault in the program: please report it.",
    ),
    (
        &[12100, 12101, 12102],
        "Our answer to a webhook was no TwiML.",
        "Something between Twilio and our server answered in its place; otherwise please report it.",
    ),
    (
        &[12200],
        "Our TwiML has a word that Twilio does not know; the call went on.",
        "This is a fault in the program: please report it.",
    ),
    (
        &[
            13210, 13212, 13213, 13215, 13216, 13217, 13221, 13222, 13230, 13231, 13232, 13234,
            13235, 13310, 13312, 13313, 13314, 13320, 13410, 13510, 13511, 13610, 13611, 13612,
            13613, 13614, 13616, 13710, 13910,
        ],
        "Our TwiML has a value that Twilio does not take; its default counted and the call went on.",
        "This is a fault in the program: please report it.",
    ),
    (
        &[13420, 13325],
        "A sound that callers should hear is no sound file.",
        "Upload it again as WAV or MP3.",
    ),
    (
        &[15003],
        "Our server answered a callback with an error; Twilio does not repeat it.",
        "See the request log for that time.",
    ),
    (
        &[12300],
        "Our answer to a webhook had the wrong content type.",
        "Something between Twilio and our server answered in its place; otherwise please report it.",
    ),
    (
        &[21626],
        "A callback was asked for an event that Twilio does not know; none came.",
        "This is a fault in the program: please report it.",
    ),
    (
        &[12400],
        "Twilio had an internal error during the call.",
        "Try again.",
    ),
    // During a call.
    (
        &[13201],
        "A call that is being connected cannot connect to a third.",
        "This is a fault in the program: please report it.",
    ),
    (
        &[13240],
        "The participant to be coached is not in the conference.",
        "Join again once they are connected.",
    ),
    (
        &[13803],
        "This region cannot send messages from a call.",
        "Send the message from the conversation's page.",
    ),
    (
        &[14207, 22001, 22003],
        "The queue is full.",
        "Raise its size, or let more agents answer.",
    ),
    (
        &[22002],
        "The caller is no longer in the queue.",
        "They have hung up or been taken already.",
    ),
    (
        &[16020],
        "The conference is full.",
        "Somebody has to leave first.",
    ),
    (
        &[16025],
        "Somebody with the same label is in the conference.",
        "Join again.",
    ),
    (
        &[32014],
        "The call was cut: no sound arrived for 60 seconds.",
        "Check the network and the microphone.",
    ),
    (
        &[32015],
        "The call reached its longest time.",
        "Raise the time limit.",
    ),
    // Messages.
    (
        &[21614, 30003, 30005, 30006, 30008],
        "The phone cannot be reached by message: off, unknown, or a landline.",
        "Check the number; try once more later.",
    ),
    (
        &[30007, 30032, 30034],
        "The message was filtered, or the number is not registered for messages.",
        "Register the number (A2P 10DLC, or toll-free verification).",
    ),
    (
        &[21611, 30001],
        "Too many messages wait at Twilio.",
        "Send more slowly.",
    ),
    (
        &[21601, 21606],
        "The number cannot send messages.",
        "Choose a number with the capability SMS.",
    ),
    (
        &[21663],
        "The number sends its messages from another region.",
        "Use the account of that region, or move the number's messages at Twilio.",
    ),
    (
        &[30450],
        "Twilio's guard against SMS pumping stopped the message.",
        "If the recipient is real, allow the number in Twilio's console.",
    ),
    (
        &[30610],
        "It is night where the recipient is: marketing is not sent then.",
        "Send in the daytime.",
    ),
    (
        &[21610],
        "This person has opted out of messages.",
        "Nothing may be sent until they write START.",
    ),
    (
        &[21617],
        "The message is too long.",
        "At most 1600 characters.",
    ),
    (
        &[63016],
        "WhatsApp allows free text only within a day of the person's last message.",
        "Use a template.",
    ),
    (
        &[63003, 63024, 63033],
        "The recipient cannot be reached on WhatsApp, or does not want to be.",
        "Use another way.",
    ),
    (
        &[63007, 63015],
        "WhatsApp does not know the sender, or the recipient has not joined the sandbox.",
        "Check the sender in Twilio's console.",
    ),
    (
        &[63018],
        "WhatsApp takes no more messages from this sender just now.",
        "Send more slowly.",
    ),
    // The Voice SDK.
    (
        &[20101, 31204],
        "The phone's access token is not valid.",
        "Reload the page; if it stays, check the API key in the settings.",
    ),
    (
        &[20104, 31205],
        "The phone's access token has expired.",
        "It is renewed by itself; reload the page if it stays.",
    ),
    (
        &[31201, 31202, 31203, 20151],
        "Twilio refused the phone's credentials.",
        "The API key may be deleted, or belong to another account or region.",
    ),
    (
        &[31207],
        "The phone's access token lives too long.",
        "This is a fault in the program: please report it.",
    ),
    (&[31206], "The phone asks too often.", "Wait a moment."),
    (
        &[31401],
        "The browser does not let us use the microphone.",
        "Allow the microphone for this page.",
    ),
    (
        &[31402],
        "The microphone does not work.",
        "Another program may use it; choose another one or plug it in again.",
    ),
    (
        &[31000, 31003, 31005, 31009, 53000, 53001],
        "The phone lost its connection.",
        "Check the network; it connects again by itself.",
    ),
    (
        &[31008],
        "The call ended before it was answered.",
        "Call again.",
    ),
    (
        &[31404, 31480, 31603],
        "The other side is not available.",
        "Try again later.",
    ),
    (&[31486], "The other side is busy.", "Try again later."),
    (
        &[31209],
        "The call could not be taken up again.",
        "Join the call again.",
    ),
    (
        &[53400, 53402, 53405],
        "There is no way for the sound.",
        "A firewall may block UDP; try another network.",
    ),
    (
        &[
            31901, 31902, 31903, 31904, 31910, 31920, 31921, 31922, 31930, 31931, 31951,
        ],
        "The media stream's connection failed.",
        "Check the stream's address and certificate.",
    ),
];

#[cfg(test)]
mod tests {
    use super::{TABLE, explain};
    use std::collections::BTreeSet;

    #[test]
    fn refused_credentials_are_explained_with_a_cure() {
        let explanation = explain(20003).expect("the commonest error is explained");
        assert!(explanation.meaning.contains("credentials"));
        assert!(explanation.cure.contains("region"));
        assert_eq!(explain(1), None);
    }

    /// Every code that an application meets, in Twilio's own order.
    const MET: &[u32] = &[
        10001, 10002, 10004, 11200, 11205, 11206, 11210, 11215, 11220, 11221, 11235, 11236, 11237,
        11750, 11770, 12100, 12101, 12102, 12200, 12300, 12400, 13201, 13214, 13223, 13224, 13225,
        13227, 13247, 13803, 13805, 14207, 16020, 16021, 20003, 20005, 20008, 20101, 20104, 20151,
        20403, 20404, 20429, 21201, 21205, 21210, 21211, 21212, 21214, 21215, 21216, 21217, 21218,
        21219, 21220, 21301, 21402, 21404, 21405, 21406, 21408, 21409, 21421, 21422, 21450, 21451,
        21452, 21453, 21480, 21601, 21604, 21608, 21609, 21610, 21611, 21612, 21613, 21614, 21615,
        21617, 21631, 21649, 21650, 21651, 21663, 22005, 22300, 30001, 30003, 30005, 30006, 30007,
        30008, 30032, 30034, 30450, 30610, 31000, 31003, 31005, 31008, 31009, 31201, 31202, 31203,
        31204, 31205, 31206, 31207, 31209, 31401, 31402, 31404, 31480, 31486, 31603, 31901, 31931,
        32014, 32015, 32017, 32018, 53000, 53001, 53400, 53402, 53405, 57_012, 63_003, 63_007,
        63_015, 63_016, 63_018, 63_024, 63_033, 90_010, 573_005,
    ];

    #[test]
    fn every_code_that_an_application_meets_is_explained() {
        let silent: Vec<_> = MET
            .iter()
            .filter(|code| explain(**code).is_none())
            .collect();
        assert!(silent.is_empty(), "{silent:?}");
    }

    #[test]
    fn no_code_is_explained_twice_and_every_sentence_ends() {
        let mut seen = BTreeSet::new();
        for (codes, meaning, cure) in TABLE {
            assert!(
                codes.iter().all(|code| seen.insert(code)),
                "{codes:?} is there twice"
            );
            assert!(
                meaning.ends_with('.') && cure.ends_with('.'),
                "{meaning} {cure}"
            );
        }
    }
}
