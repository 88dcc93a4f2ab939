//! The little of XML that TwiML needs: a tree of elements, written without loss and read with limits.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::TwimlError;

/// Twilio refuses a longer document (error 11750).
const LONGEST_DOCUMENT: usize = 64 * 1024;
/// The deepest TwiML has four levels, SSML a few more.
const DEEPEST_NESTING: usize = 32;

/// An element with its attributes and content in document order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) nodes: Vec<Node>,
}

/// What an element contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// An element that holds only text; none at all when the text is empty.
    pub(super) fn text_nodes(text: &str) -> Vec<Node> {
        if text.is_empty() {
            Vec::new()
        } else {
            vec![Node::Text(text.to_owned())]
        }
    }

    /// Writes the element and all in it.
    pub(super) fn write(&self, out: &mut String) {
        out.push('<');
        out.push_str(&self.name);
        for (name, value) in &self.attributes {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            value
                .chars()
                .filter(|c| carried(*c))
                .for_each(|c| push_escaped(c, matches!(c, '\t' | '\n'), out));
            out.push('"');
        }
        if self.nodes.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        write_nodes(&self.nodes, out);
        out.push_str("</");
        out.push_str(&self.name);
        out.push('>');
    }
}

/// Writes an element's content.
pub(super) fn write_nodes(nodes: &[Node], out: &mut String) {
    for node in nodes {
        match node {
            Node::Element(element) => element.write(out),
            Node::Text(text) => write_text(text, out),
        }
    }
}

/// Whether XML 1.0 can carry the character at all; most control characters it cannot, not even as a reference.
pub(super) fn carried(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}')
}

/// White space at either end is written as a reference, since a reader takes it for indentation otherwise.
fn write_text(text: &str, out: &mut String) {
    let kept: Vec<char> = text.chars().filter(|c| carried(*c)).collect();
    let last = kept.len().saturating_sub(1);
    for (at, c) in kept.iter().enumerate() {
        push_escaped(*c, is_space(*c) && (at == 0 || at == last), out);
    }
}

fn push_escaped(c: char, as_reference: bool, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        // A bare carriage return reads back as a line feed.
        '\r' => out.push_str("&#13;"),
        c if as_reference => push_reference(c, out),
        c => out.push(c),
    }
}

fn push_reference(c: char, out: &mut String) {
    out.push_str("&#");
    out.push_str(&u32::from(c).to_string());
    out.push(';');
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// Reads a document into its root element.
pub(super) fn read(document: &str) -> Result<Element, TwimlError> {
    if document.len() > LONGEST_DOCUMENT {
        return Err(TwimlError::TooLong(document.len()));
    }
    let document = document.trim_start_matches('\u{feff}').trim_start();
    if document.is_empty() {
        return Err(TwimlError::Empty);
    }
    let mut reader = Reader::from_str(document);
    let mut tree = Tree::default();
    loop {
        match reader.read_event().map_err(malformed)? {
            Event::Start(start) => tree.open(&start)?,
            Event::Empty(start) => {
                tree.open(&start)?;
                tree.close();
            }
            Event::End(_) => tree.close(),
            Event::Text(text) => tree.text.push_literal(&text.xml10_content()),
            Event::CData(text) => tree.text.push_kept(&text.xml10_content()),
            Event::GeneralRef(reference) => tree.text.push_kept(&resolve(&reference)?),
            Event::Decl(decl) => check_version(&decl.version().map_err(malformed)?)?,
            Event::Comment(_) | Event::PI(_) | Event::DocType(_) => {}
            Event::Eof => return tree.finish(),
        }
    }
}

fn check_version(version: &str) -> Result<(), TwimlError> {
    if version == "1.0" {
        Ok(())
    } else {
        Err(TwimlError::Version(version.to_owned()))
    }
}

fn malformed(error: impl std::fmt::Display) -> TwimlError {
    TwimlError::Malformed(error.to_string())
}

/// Character references and XML's five entities; a document's own entities are refused, never expanded.
fn resolve(reference: &BytesRef<'_>) -> Result<String, TwimlError> {
    if let Some(c) = reference.resolve_char_ref().map_err(malformed)? {
        return if carried(c) {
            Ok(c.into())
        } else {
            Err(TwimlError::Malformed(format!(
                "character {} is not allowed in XML",
                u32::from(c)
            )))
        };
    }
    match &*reference.xml10_content() {
        "amp" => Ok("&".into()),
        "lt" => Ok("<".into()),
        "gt" => Ok(">".into()),
        "quot" => Ok("\"".into()),
        "apos" => Ok("'".into()),
        other => Err(TwimlError::Malformed(format!("unknown entity &{other};"))),
    }
}

/// The elements that are open, innermost last, and the text since the last tag.
#[derive(Default)]
struct Tree {
    open: Vec<Element>,
    root: Option<Element>,
    text: Text,
}

impl Tree {
    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), TwimlError> {
        self.end_text();
        if self.open.len() >= DEEPEST_NESTING {
            return Err(TwimlError::Malformed(format!(
                "more than {DEEPEST_NESTING} elements inside each other"
            )));
        }
        if self.open.is_empty() && self.root.is_some() {
            return Err(TwimlError::Malformed("more than one root element".into()));
        }
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(malformed)?;
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(malformed)?;
            attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
        }
        self.open.push(Element {
            name: start.name().as_ref().to_owned(),
            attributes,
            nodes: Vec::new(),
        });
        Ok(())
    }

    fn close(&mut self) {
        self.end_text();
        // The reader has checked that every end tag has its start tag.
        let Some(element) = self.open.pop() else {
            return;
        };
        match self.open.last_mut() {
            Some(parent) => parent.nodes.push(Node::Element(element)),
            None => self.root = Some(element),
        }
    }

    fn end_text(&mut self) {
        let text = self.text.take();
        if let (Some(parent), false) = (self.open.last_mut(), text.is_empty()) {
            parent.nodes.push(Node::Text(text));
        }
    }

    fn finish(self) -> Result<Element, TwimlError> {
        match self.open.last() {
            Some(open) => Err(TwimlError::Malformed(format!(
                "<{}> is not closed",
                open.name
            ))),
            None => self
                .root
                .ok_or_else(|| TwimlError::Malformed("there is no element".into())),
        }
    }
}

/// Text between two tags, without the white space at its ends that only indents the source.
#[derive(Default)]
struct Text {
    text: String,
    /// So much of it was written as references or CDATA and stays.
    kept: usize,
}

impl Text {
    fn push_literal(&mut self, text: &str) {
        let text = if self.text.is_empty() {
            text.trim_start_matches(is_space)
        } else {
            text
        };
        self.text.push_str(text);
    }

    fn push_kept(&mut self, text: &str) {
        self.text.push_str(text);
        self.kept = self.text.len();
    }

    fn take(&mut self) -> String {
        let end = self.kept + self.text[self.kept..].trim_end_matches(is_space).len();
        self.text.truncate(end);
        self.kept = 0;
        std::mem::take(&mut self.text)
    }
}
