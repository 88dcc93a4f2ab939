//! The marks of speech that may stand inside `<Say>`: kept as they are, and left out where only the words count.

use super::Warning;
use super::xml::{self, Element, Node};

/// The marks that Twilio passes on to its voices, with the attributes of each.
const MARKS: &[(&str, &[&str])] = &[
    ("break", &["strength", "time"]),
    ("emphasis", &["level"]),
    ("lang", &["xml:lang"]),
    ("p", &[]),
    ("phoneme", &["alphabet", "ph"]),
    ("prosody", &["volume", "rate", "pitch"]),
    ("s", &[]),
    ("say-as", &["interpret-as", "format", "role"]),
    ("sub", &["alias"]),
    ("w", &["role"]),
    (
        "amazon:effect",
        &["name", "vocal-tract-length", "phonation"],
    ),
    ("amazon:domain", &["name"]),
];

/// The content with its marks as XML, where it has any; what is no mark is warned of and reduced to its words.
pub(super) fn marked(nodes: &[Node], warnings: &mut Vec<Warning>) -> Option<String> {
    if !nodes.iter().any(|node| matches!(node, Node::Element(_))) {
        return None;
    }
    let mut out = String::new();
    xml::write_nodes(&known(nodes.to_vec(), warnings), &mut out);
    Some(out)
}

fn known(nodes: Vec<Node>, warnings: &mut Vec<Warning>) -> Vec<Node> {
    let mut out = Vec::new();
    for node in nodes {
        let Node::Element(mut element) = node else {
            out.push(node);
            continue;
        };
        let inside = known(std::mem::take(&mut element.nodes), warnings);
        let Some((_, attributes)) = MARKS.iter().find(|(name, _)| *name == element.name) else {
            warnings.push(Warning::nested(&element.name, "Say"));
            out.extend(inside);
            continue;
        };
        for (name, _) in &element.attributes {
            if !attributes.contains(&name.as_str()) {
                warnings.push(Warning::schema(format!(
                    "attribute {name} is not known on <{}>",
                    element.name
                )));
            }
        }
        element
            .attributes
            .retain(|(name, _)| attributes.contains(&name.as_str()));
        element.nodes = inside;
        out.push(Node::Element(element));
    }
    out
}

/// The nodes of a content that [`marked`] wrote; only its words where somebody else wrote what is no XML.
pub(super) fn nodes(marked: &str) -> Vec<Node> {
    let document = format!("<Say>{marked}</Say>");
    xml::read(&document).map_or_else(|_| Element::text_nodes(marked), |root| root.nodes)
}

/// The words in document order; a substitute counts instead of what it stands for.
pub(super) fn words(nodes: Vec<Node>) -> String {
    let words = nodes.into_iter().map(|node| match node {
        Node::Text(text) => text,
        Node::Element(element) => {
            let alias = element
                .attributes
                .iter()
                .find(|(name, _)| element.name == "sub" && name == "alias");
            match alias {
                Some((_, alias)) => alias.clone(),
                None => words(element.nodes),
            }
        }
    });
    words
        .filter(|words| !words.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use crate::twiml::{Response, Verb};

    #[test]
    fn marks_are_kept_and_the_words_are_known_without_them() {
        let text = "<Response><Say>It is <prosody rate=\"slow\">very <sub alias=\"as soon as possible\">ASAP</sub></prosody><break time=\"2s\"/> late</Say></Response>";
        let parsed = Response::parse(text).expect("well-formed");
        let Some(Verb::Say(say)) = parsed.response.verbs.first() else {
            panic!("a Say")
        };
        assert_eq!(say.text, "It is very as soon as possible late");
        assert!(
            say.ssml
                .as_deref()
                .is_some_and(|ssml| ssml.contains("<break time=\"2s\"/>"))
        );
        assert_eq!(parsed.warnings, []);
        let again = Response::parse(&parsed.response.to_xml()).expect("our own");
        assert_eq!(again.response, parsed.response);
    }

    #[test]
    fn what_is_no_mark_is_warned_of_and_its_words_are_said() {
        let text = "<Response><Say>One <marquee>two</marquee> <break size=\"2\"/></Say></Response>";
        let parsed = Response::parse(text).expect("well-formed");
        let Some(Verb::Say(say)) = parsed.response.verbs.first() else {
            panic!("a Say")
        };
        assert_eq!(say.text, "One two");
        assert_eq!(parsed.warnings.len(), 2);
    }
}
