//! An answer of a wanted shape, filled with what a text says: its own sentences and words, nothing that is not in it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// How deep a shape may go, and how long its lists.
const DEEPEST: u8 = 12;
const MOST: usize = 5;
/// Words that say that somebody has to do something.
const TO_DO: &[&str] = &[
    "will ",
    "please",
    "need to",
    "must",
    "should",
    "call back",
    "call me",
    "send",
    "follow up",
    "i'll",
    "we'll",
    "could you",
    "can you",
];
const GOOD: &[&str] = &[
    "thank",
    "great",
    "good",
    "happy",
    "perfect",
    "love",
    "pleased",
    "wonderful",
    "excellent",
];
const BAD: &[&str] = &[
    "problem", "wrong", "broken", "angry", "bad", "late", "terrible", "unhappy", "complain",
    "refund", "cancel", "never", "not work",
];
/// Words that name no topic.
const COMMON: &[&str] = &[
    "about", "after", "again", "also", "been", "before", "could", "does", "from", "have", "hello",
    "here", "just", "know", "like", "more", "much", "need", "only", "other", "please", "really",
    "should", "some", "than", "thank", "thanks", "that", "their", "them", "then", "there", "these",
    "they", "this", "very", "want", "well", "were", "what", "when", "where", "which", "will",
    "with", "would", "your", "yours", "speaker", "agent", "customer", "caller", "call",
];

/// What a text says, as far as counting tells.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Digest {
    pub(super) summary: String,
    pub(super) topics: Vec<String>,
    pub(super) to_do: Vec<String>,
    /// From -1 to 1.
    pub(super) mood: f64,
}

impl Digest {
    pub(super) fn of(text: &str) -> Self {
        let sentences: Vec<&str> = text
            .split_inclusive(['.', '!', '?', '\n'])
            .map(str::trim)
            .filter(|sentence| sentence.len() > 2)
            .collect();
        let lower = text.to_lowercase();
        let count = |words: &[&str]| {
            let found: usize = words.iter().map(|word| lower.matches(word).count()).sum();
            i32::try_from(found).map_or(0.0, f64::from)
        };
        let (good, bad) = (count(GOOD), count(BAD));
        let mood = if good + bad > 0.0 {
            (good - bad) / (good + bad)
        } else {
            0.0
        };
        let to_do = sentences.iter().filter(|sentence| {
            let sentence = sentence.to_lowercase();
            TO_DO.iter().any(|cue| sentence.contains(cue))
        });
        Self {
            summary: sentences
                .iter()
                .take(2)
                .copied()
                .collect::<Vec<_>>()
                .join(" "),
            topics: topics(&lower),
            to_do: to_do.take(MOST).map(ToString::to_string).collect(),
            mood,
        }
    }

    pub(super) fn sentiment(&self) -> &'static str {
        if self.mood > 0.2 {
            "positive"
        } else if self.mood < -0.2 {
            "negative"
        } else {
            "neutral"
        }
    }

    /// The answer where any object will do.
    pub(super) fn object(&self) -> Value {
        json!({
            "summary": self.summary,
            "sentiment": self.sentiment(),
            "sentiment_score": self.mood,
            "topics": self.topics,
            "action_items": self.to_do,
        })
    }
}

/// The words that come most often, longest first among equals.
fn topics(lower: &str) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for word in lower.split(|letter: char| !letter.is_alphabetic()) {
        if word.chars().count() > 3 && !COMMON.contains(&word) {
            *counts.entry(word).or_default() += 1;
        }
    }
    let mut all: Vec<(&str, usize)> = counts.into_iter().collect();
    all.sort_by_key(|(word, count)| std::cmp::Reverse((*count, word.len())));
    all.into_iter()
        .take(MOST)
        .map(|(word, _)| word.to_owned())
        .collect()
}

/// A value of a JSON schema.
pub(super) fn fill(root: &Value, digest: &Digest) -> Value {
    Filling { root, digest }.value(root, "", DEEPEST)
}

struct Filling<'a> {
    root: &'a Value,
    digest: &'a Digest,
}

impl Filling<'_> {
    fn value(&self, schema: &Value, name: &str, depth: u8) -> Value {
        if depth == 0 {
            return Value::Null;
        }
        if let Some(place) = schema["$ref"].as_str() {
            let place = place.trim_start_matches('#');
            let target = self.root.pointer(place).unwrap_or(&Value::Null);
            return self.value(target, name, depth - 1);
        }
        if let Some(fixed) = schema.get("const") {
            return fixed.clone();
        }
        if let Some(words) = schema["enum"].as_array() {
            return self.one_of(words);
        }
        let either = ["anyOf", "oneOf", "allOf"]
            .iter()
            .find_map(|word| schema[word].as_array());
        if let Some(either) = either {
            let first = either.iter().find(|one| one["type"] != "null");
            return first.map_or(Value::Null, |one| self.value(one, name, depth - 1));
        }
        match kind(schema) {
            "object" => self.object(schema, depth),
            "array" => self.array(schema, name, depth),
            "number" | "integer" => self.number(schema),
            "boolean" => Value::Bool(false),
            "null" => Value::Null,
            _ => Value::String(self.text(name)),
        }
    }

    /// A word that fits the mood, else the first.
    fn one_of(&self, words: &[Value]) -> Value {
        let fits = words.iter().find(|word| {
            word.as_str()
                .is_some_and(|word| word.eq_ignore_ascii_case(self.digest.sentiment()))
        });
        fits.or(words.first()).cloned().unwrap_or(Value::Null)
    }

    fn object(&self, schema: &Value, depth: u8) -> Value {
        let properties = schema["properties"].as_object();
        let filled: Map<String, Value> = properties
            .into_iter()
            .flatten()
            .map(|(name, schema)| (name.clone(), self.value(schema, name, depth - 1)))
            .collect();
        filled.into()
    }

    fn array(&self, schema: &Value, name: &str, depth: u8) -> Value {
        let source = if is_to_do(name) {
            &self.digest.to_do
        } else {
            &self.digest.topics
        };
        let items = &schema["items"];
        let least = schema["minItems"].as_u64().unwrap_or_default();
        let least = usize::try_from(least).unwrap_or_default().min(MOST);
        let mut all: Vec<Value> = source
            .iter()
            .map(|text| self.item(items, name, text, depth))
            .collect();
        while all.len() < least {
            all.push(self.value(items, name, depth - 1));
        }
        if let Some(most) = schema["maxItems"].as_u64() {
            all.truncate(usize::try_from(most).unwrap_or(MOST));
        }
        all.into()
    }

    fn item(&self, schema: &Value, name: &str, text: &str, depth: u8) -> Value {
        let one = Digest {
            summary: text.to_owned(),
            ..self.digest.clone()
        };
        let of_one = Filling {
            root: self.root,
            digest: &one,
        };
        let is_plain = schema["type"] == "string" || schema.as_object().is_none_or(Map::is_empty);
        if is_plain && schema.get("enum").is_none() {
            text.into()
        } else {
            of_one.value(schema, name, depth - 1)
        }
    }

    fn number(&self, schema: &Value) -> Value {
        let bound = |name: &str| schema[name].as_f64();
        let (least, most) = (bound("minimum").unwrap_or(0.0), bound("maximum"));
        let most = most.unwrap_or(least.max(0.0) + 1.0);
        let value = (least + (most - least) * f64::midpoint(self.digest.mood, 1.0)).min(most);
        if kind(schema) == "integer" {
            json!(crate::media::frame::sample(value))
        } else {
            json!(value)
        }
    }

    fn text(&self, name: &str) -> String {
        let name = name.to_lowercase();
        if name.contains("sentiment") || name.contains("mood") {
            self.digest.sentiment().to_owned()
        } else if is_to_do(&name) {
            self.digest.to_do.first().cloned().unwrap_or_default()
        } else if name.contains("topic") || name.contains("title") || name.contains("subject") {
            self.digest.topics.join(", ")
        } else {
            self.digest.summary.clone()
        }
    }
}

fn is_to_do(name: &str) -> bool {
    let name = name.to_lowercase();
    ["action", "todo", "to_do", "task", "next", "follow"]
        .iter()
        .any(|word| name.contains(word))
}

/// The type of a schema; of several the first that is something.
fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(kind) => kind,
        Value::Array(kinds) => kinds
            .iter()
            .filter_map(Value::as_str)
            .find(|kind| *kind != "null")
            .unwrap_or("null"),
        _ if schema.get("properties").is_some() => "object",
        _ if schema.get("items").is_some() => "array",
        _ => "string",
    }
}

#[cfg(test)]
mod tests {
    use super::{Digest, fill};
    use serde_json::json;

    const CALL: &str = "The bicycle brakes are broken and the bicycle is late. \
        Please call me back tomorrow. I will send the invoice.";

    #[test]
    fn a_text_is_digested_by_its_own_words() {
        let digest = Digest::of(CALL);
        assert_eq!(digest.sentiment(), "negative");
        assert_eq!(digest.topics[0], "bicycle");
        assert_eq!(digest.to_do.len(), 2);
        assert!(digest.summary.starts_with("The bicycle brakes"));
        assert_eq!(Digest::of("").sentiment(), "neutral");
    }

    #[test]
    fn a_shape_is_filled_with_values_of_its_types() {
        let schema = json!({
            "type": "object",
            "properties": {
                "summary": { "type": "string" },
                "sentiment": { "type": "string", "enum": ["positive", "neutral", "negative"] },
                "score": { "type": "integer", "minimum": 1, "maximum": 5 },
                "topics": { "type": "array", "items": { "type": "string" }, "maxItems": 2 },
                "action_items": { "type": "array", "items": { "$ref": "#/$defs/Item" } },
                "due": { "anyOf": [{ "type": "null" }, { "type": "string" }] },
                "urgent": { "type": ["boolean", "null"] },
            },
            "$defs": { "Item": { "type": "object", "properties": { "text": { "type": "string" } } } },
        });
        let filled = fill(&schema, &Digest::of(CALL));
        assert_eq!(filled["sentiment"], "negative");
        assert!(
            filled["score"]
                .as_i64()
                .is_some_and(|score| (1..=5).contains(&score))
        );
        assert_eq!(filled["topics"].as_array().map(Vec::len), Some(2));
        assert_eq!(
            filled["action_items"][0]["text"],
            "Please call me back tomorrow."
        );
        assert!(filled["due"].is_string() && filled["urgent"].is_boolean());
    }

    #[test]
    fn a_shape_that_contains_itself_comes_to_an_end() {
        let schema = json!({
            "$ref": "#/$defs/Node",
            "$defs": { "Node": { "type": "object", "properties": { "next": { "$ref": "#/$defs/Node" } } } },
        });
        assert!(fill(&schema, &Digest::of(CALL)).is_object());
    }
}
