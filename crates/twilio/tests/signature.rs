//! Signatures against the vectors of Twilio's documentation and of its official libraries.

use offhook_twilio::signature::{
    Algorithm, Settings, UnknownAlgorithm, sign, sign_json, verify, verify_json, verify_with,
};
use proptest::prelude::{any, prop};
use proptest::{prop_assert, proptest};

const TOKEN: &str = "12345";
const URL: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn documented() -> Vec<(String, String)> {
    pairs(&[
        ("To", "+18005551212"),
        ("Digits", "1234"),
        ("CallSid", "CA1234567890ABCDE"),
        ("From", "+14158675309"),
        ("Caller", "+14158675309"),
    ])
}

#[test]
fn the_documented_example_signs_as_documented() {
    assert_eq!(
        sign(TOKEN, URL, &documented()),
        "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    );
    assert!(verify(
        TOKEN,
        URL,
        &documented(),
        "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    ));
}

#[test]
fn the_python_librarys_own_example_signs_the_same() {
    let place = |who: &str, city: &str, zip: &str| {
        [
            ("City", city),
            ("Country", "US"),
            ("State", "CA"),
            ("Zip", zip),
        ]
        .map(|(field, value)| (format!("{who}{field}"), value.to_owned()))
    };
    let mut params = pairs(&[
        ("AccountSid", "AC9a9f9392lad99kla0sklakjs90j092j3"),
        ("ApiVersion", "2010-04-01"),
        ("CallSid", "CAd800bb12c0426a7ea4230e492fef2a4f"),
        ("CallStatus", "ringing"),
        ("Called", "+15306384866"),
        ("Caller", "+15306666666"),
        ("CallerName", "CA Wireless Call"),
        ("Direction", "inbound"),
        ("From", "+15306666666"),
        ("To", "+15306384866"),
    ]);
    for (who, city, zip) in [
        ("Called", "OAKLAND", "94612"),
        ("To", "OAKLAND", "94612"),
        ("Caller", "SOUTH LAKE TAHOE", "89449"),
        ("From", "SOUTH LAKE TAHOE", "89449"),
    ] {
        params.extend(place(who, city, zip));
    }
    assert_eq!(
        sign(
            "1c892n40nd03kdnc0112slzkl3091j20",
            "http://www.postbin.org/1ed898x",
            &params
        ),
        "fF+xx6dTinOaCdZ0aIeNkHr/ZAA="
    );
}

#[test]
fn repeated_names_are_sorted_and_each_value_counts_once() {
    let params = pairs(&[("Tag", "b"), ("CallSid", "CA1"), ("Tag", "a"), ("Tag", "b")]);
    assert_eq!(
        sign(TOKEN, "https://mycompany.com/myapp.php", &params),
        "h4u+ycG3S/bmB2iCD6oJjS1aprQ="
    );
}

#[test]
fn a_get_is_signed_by_its_url_alone() {
    assert_eq!(
        sign(
            TOKEN,
            "https://mycompany.com/myapp.php?CallSid=CA1234567890ABCDE&Digits=1",
            &[]
        ),
        "HXQvzydtf09WMN4ly6qVZgrxM+8="
    );
}

#[test]
fn text_is_signed_as_utf_8() {
    assert_eq!(
        sign(
            TOKEN,
            "https://mycompany.com/ä",
            &pairs(&[("Body", "naïve 😀")])
        ),
        "u++MnC5sr0MRE7dcYy+GTL6kus0="
    );
}

#[test]
fn the_default_port_may_be_signed_or_not() {
    let with_port = "kvajT1Ptam85bY51eRf/AJRuM3w=";
    assert_eq!(
        sign(
            TOKEN,
            "https://mycompany.com:443/myapp.php?foo=1&bar=2",
            &documented()
        ),
        with_port
    );
    assert!(
        verify(TOKEN, URL, &documented(), with_port),
        "configured without, signed with"
    );
    assert!(
        verify(
            TOKEN,
            "https://mycompany.com:443/myapp.php?foo=1&bar=2",
            &documented(),
            &sign(TOKEN, URL, &documented())
        ),
        "and the other way"
    );
    assert!(verify(
        TOKEN,
        "https://[::1]/a",
        &[],
        &sign(TOKEN, "https://[::1]:443/a", &[])
    ));
    assert!(verify(
        TOKEN,
        "https://user:pass@e.com/a",
        &[],
        &sign(TOKEN, "https://user:pass@e.com:443/a", &[])
    ));
}

#[test]
fn a_query_encoded_by_an_old_back_end_is_accepted() {
    // What twilio-node computes for the same URL through its `querystring` module.
    assert!(verify(
        TOKEN,
        "https://mycompany.com/myapp.php?name=O'Hara&a=1%20b&x&a=2",
        &[],
        "UsJI0C61184Fd8RAqakzBi0Rg9g="
    ));
    assert!(verify(
        TOKEN,
        "https://mycompany.com/myapp.php?name=O'Hara&a=1%20b&x&a=2",
        &[],
        "QzJpRec+TffDP6/XssjYCqfxx6U="
    ));
}

#[test]
fn the_fragment_is_no_part_of_what_is_signed() {
    assert_eq!(
        sign(TOKEN, &format!("{URL}#rc=5&rp=5xx"), &documented()),
        sign(TOKEN, URL, &documented())
    );
}

#[test]
fn a_json_body_is_signed_by_its_hash() {
    let body = br#"{"CallSid":"CA1234567890ABCDE","Caller":"+12349013030"}"#;
    let (url, signature) = sign_json(TOKEN, "https://mycompany.com/myapp.php", body);
    assert_eq!(
        url,
        "https://mycompany.com/myapp.php?bodySHA256=5ccde7145dfb8f56479710896586cb9d5911809d83afbe34627818790db0aec9"
    );
    assert_eq!(signature, "bz08+n07nApCcdckWZ6FpIblNgo=");
    assert!(verify_json(TOKEN, &url, body, &signature));
    assert!(!verify_json(TOKEN, &url, b"{}", &signature), "another body");
    assert!(
        !verify_json(
            TOKEN,
            "https://mycompany.com/myapp.php",
            body,
            &sign(TOKEN, "https://mycompany.com/myapp.php", &[])
        ),
        "no hash"
    );
}

#[test]
fn a_shared_key_signs_by_the_algorithm_that_its_header_names() {
    let settings = Settings::parse("key=webhooks_sharedkey_1, algorithm=HMAC_SHA256")
        .expect("a known algorithm");
    assert_eq!(
        settings,
        Settings {
            key: Some("webhooks_sharedkey_1".into()),
            algorithm: Algorithm::HmacSha256
        }
    );
    assert!(verify_with(
        settings.algorithm,
        TOKEN,
        URL,
        &documented(),
        "033hgUJA9M/hXIZsYjwkerEP/DBm35nEri5FhCYjA5s="
    ));
    assert!(!verify(
        TOKEN,
        URL,
        &documented(),
        "033hgUJA9M/hXIZsYjwkerEP/DBm35nEri5FhCYjA5s="
    ));
    assert_eq!(
        Settings::parse("key=k").map(|settings| settings.algorithm),
        Ok(Algorithm::HmacSha1)
    );
    assert_eq!(
        Settings::parse("key=k,algorithm=ED25519"),
        Err(UnknownAlgorithm("ED25519".into()))
    );
}

#[test]
fn another_token_url_field_or_signature_is_refused() {
    let signature = sign(TOKEN, URL, &documented());
    assert!(!verify("12346", URL, &documented(), &signature));
    assert!(!verify(
        TOKEN,
        "https://mycompany.com/myapp.php?foo=1&bar=3",
        &documented(),
        &signature
    ));
    assert!(!verify(TOKEN, URL, &documented()[1..], &signature));
    assert!(!verify(TOKEN, URL, &documented(), ""));
    assert!(!verify(
        TOKEN,
        URL,
        &documented(),
        "RSOYDt4T1cUTdK1PDD93/VVr8B9="
    ));
}

proptest! {
    #[test]
    fn what_is_signed_is_verified_in_any_order(
        token in any::<String>(),
        path in "[a-zA-Z0-9/_.-]{0,20}(\\?[a-z=&%0-9+']{0,20})?",
        params in prop::collection::vec((any::<String>(), any::<String>()), 0..6),
    ) {
        let url = format!("https://example.com:8443/{path}");
        let signature = sign(&token, &url, &params);
        let mut turned = params.clone();
        turned.reverse();
        prop_assert!(verify(&token, &url, &turned, &signature));
        turned.push(("Extra".into(), "1".into()));
        prop_assert!(!verify(&token, &url, &turned, &signature));
    }
}
