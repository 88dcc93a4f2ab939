//! TwiML that answers a message: texts back, or another document. Calls and messages share the root, not the verbs.

use super::control::Redirect;
use super::message::Message;
use super::piece::{self, Piece};
use super::{TwimlError, Warning, xml};

/// An answer to a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MessagingResponse {
    /// What is to be done, in order; nothing is the usual answer.
    pub verbs: Vec<MessagingVerb>,
    /// What Twilio would put into its debugger.
    pub warnings: Vec<Warning>,
}

/// One instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessagingVerb {
    /// Sends a message.
    Message(Message),
    /// Goes on with another document.
    Redirect(Redirect),
}

impl MessagingResponse {
    /// Reads a document.
    pub fn parse(document: &str) -> Result<Self, TwimlError> {
        let root = xml::read(document)?;
        if root.name != "Response" {
            return Err(TwimlError::Root(root.name));
        }
        let mut answer = Self::default();
        for element in piece::elements(root.nodes) {
            let warnings = &mut answer.warnings;
            let verb = match element.name.as_str() {
                // `<Sms>` is the verb's older name.
                Message::NAME | "Sms" => MessagingVerb::Message(piece::read(element, warnings)),
                Redirect::NAME => MessagingVerb::Redirect(piece::read(element, warnings)),
                other => {
                    warnings.push(Warning::schema(format!(
                        "<{other}> is not known in an answer to a message"
                    )));
                    continue;
                }
            };
            answer.verbs.push(verb);
        }
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::{Message, MessagingResponse, MessagingVerb};

    fn parse(verbs: &str) -> MessagingResponse {
        MessagingResponse::parse(&format!("<Response>{verbs}</Response>")).expect("TwiML")
    }

    #[test]
    fn a_text_stands_alone_or_with_files() {
        let plain = Message {
            body: "Hi".into(),
            ..Message::default()
        };
        assert_eq!(
            parse("<Message>Hi</Message>").verbs,
            [MessagingVerb::Message(plain)]
        );
        let full = parse(
            "<Message to=\"+14155550123\" action=\"/next\" method=\"GET\"><Body>Hi</Body><Media>/a.png</Media><Media>/b.png</Media></Message><Redirect>/more</Redirect>",
        );
        let [MessagingVerb::Message(text), MessagingVerb::Redirect(next)] = full.verbs.as_slice()
        else {
            panic!("{full:?}");
        };
        assert_eq!(
            (text.body.as_str(), text.media.as_slice(), next.url.as_str()),
            (
                "Hi",
                &["/a.png".to_owned(), "/b.png".to_owned()][..],
                "/more"
            )
        );
        assert!(full.warnings.is_empty());
    }

    #[test]
    fn what_belongs_to_calls_is_warned_of() {
        let odd = parse("<Say>Hello</Say><Message><Sound/>x</Message>");
        assert_eq!(odd.verbs.len(), 1);
        assert_eq!(odd.warnings.len(), 2);
        assert!(parse("").verbs.is_empty());
        assert!(MessagingResponse::parse("<Reply/>").is_err());
    }
}
