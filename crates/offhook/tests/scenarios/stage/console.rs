//! The team's console at the carrier: where its number and its application lead.

use serde_json::Value;

use super::{ACCOUNT, APP, Stage, TOKEN, people};

impl Stage {
    /// The number leads to these paths, and the application to the first of them.
    pub(crate) async fn console_leads_to(&self, voice: &str, status: &str) {
        let account = format!("{}/2010-04-01/Accounts/{ACCOUNT}", self.sandbox.url());
        let list = self
            .http
            .get(format!("{account}/IncomingPhoneNumbers.json"));
        let list = list.basic_auth(ACCOUNT, Some(TOKEN)).send().await;
        let list: Value = list.expect("the carrier").json().await.expect("numbers");
        let number = list["incoming_phone_numbers"][0]["sid"].as_str();
        let number = format!("IncomingPhoneNumbers/{}", number.expect("a number"));
        let voice = format!("{}{voice}", self.url);
        let status = format!("{}{status}", self.url);
        for place in [number, format!("Applications/{APP}")] {
            let change = self.http.post(format!("{account}/{place}.json"));
            let change = change.basic_auth(ACCOUNT, Some(TOKEN));
            let urls = [
                ("VoiceUrl", voice.as_str()),
                ("StatusCallback", status.as_str()),
            ];
            let answer = change.form(&urls).send().await;
            assert_eq!(answer.expect("the carrier").status(), 200, "{place}");
        }
    }

    /// What the owner asks at a path of its own, such as a documented door.
    pub(crate) async fn owner_at(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let url = format!("{}{path}", self.url);
        let answer = people::ask(&self.http, method, &url, &self.owner, body).await;
        self.settle().await;
        answer
    }

    /// How many legs the carrier has had to this party.
    pub(crate) fn dialled(&self, to: &str) -> usize {
        let truths = self.sandbox.engine(|engine, _| engine.truths());
        truths.iter().filter(|truth| truth.call.to == to).count()
    }
}
