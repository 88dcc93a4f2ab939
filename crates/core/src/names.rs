//! Names that we give to things at the carrier: made from the call's id and a counter, so that they hold no personal data.

use crate::call::LegRole;
use crate::id::CallId;

/// The name of a call's room.
pub fn room(call: &CallId) -> String {
    format!("room_{}", call.body())
}

/// The call whose room has this name.
pub fn call_of_room(room: &str) -> Option<CallId> {
    let body = room.strip_prefix("room_")?;
    CallId::parse(&format!("{}{body}", CallId::PREFIX)).ok()
}

/// The name of the place at the carrier where the callers of one call's own number wait, when named agents are rung.
pub fn waiting_place(call: &CallId) -> String {
    format!("wait_{}", call.body())
}

/// The participant label of a leg's `n`-th attempt to enter the room.
pub fn label(role: LegRole, n: u32) -> String {
    let word = match role {
        LegRole::Customer => "customer",
        LegRole::Agent => "agent",
        LegRole::Supervisor => "supervisor",
        LegRole::External => "external",
    };
    format!("{word}_{n}")
}

/// The number in a label.
pub fn number(label: &str) -> Option<u32> {
    label.rsplit_once('_')?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_gives_its_number_back() {
        assert_eq!(number(&label(LegRole::Customer, 7)), Some(7));
        assert_eq!(number("somebody"), None);
    }

    #[test]
    fn names_are_words_that_the_carrier_takes() {
        let call = CallId::parse("call_0190").unwrap();
        assert_eq!(room(&call), "room_0190");
        assert_eq!(call_of_room("room_0190"), Some(call));
        assert_eq!(call_of_room("conf-1234567890-abc123"), None);
        assert!(room(&CallId::new(uuid::Uuid::max())).len() <= 64);
    }
}
