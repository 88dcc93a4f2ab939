//! Twilio's fixed words (methods, events, tracks) as enums, each word spelled once.

use std::fmt;

/// A word where Twilio's list has none such.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not one of Twilio's words for {kind}")]
pub struct UnknownWord {
    /// The enum that was asked for.
    pub kind: &'static str,
    /// What was given.
    pub word: String,
}

/// Declares an enum of Twilio's words: `Variant = "its spelling" | "another spelling that is read, never written"`.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal $(| $alias:literal)*),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$variant_meta])* $variant),+ }

        impl $name {
            /// Every word of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as Twilio spells it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::words::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word $(| $alias)* => Ok(Self::$variant),)+
                    _ => Err($crate::words::UnknownWord { kind: stringify!($name), word: word.to_owned() }),
                }
            }
        }
    };
}
pub(crate) use words;

/// Declares an enum of words to which Twilio may add: what is not known is kept as `Other`.
macro_rules! open_words {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
            /// A word that Twilio added.
            Other(String),
        }

        impl $name {
            /// The word as Twilio spells it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)+
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Self::from(String::deserialize(deserializer)?.as_str()))
            }
        }
    };
}
pub(crate) use open_words;

words! {
    /// The HTTP method of a webhook.
    Method {
        /// Parameters in the query.
        Get = "GET" | "get",
        /// Parameters in a form body.
        Post = "POST" | "post",
    }
}

words! {
    /// A call's progress events that a status callback may be asked for.
    CallEvent {
        /// Taken out of the queue and on its way.
        Initiated = "initiated",
        /// Ringing at the other end.
        Ringing = "ringing",
        /// Picked up.
        Answered = "answered",
        /// Over, for whatever reason.
        Completed = "completed",
    }
}

words! {
    /// A conference's events that its status callback may be asked for.
    ConferenceCallbackEvent {
        /// The conference started.
        Start = "start",
        /// The conference ended.
        End = "end",
        /// Somebody came in.
        Join = "join",
        /// Somebody left.
        Leave = "leave",
        /// Somebody was muted or unmuted.
        Mute = "mute",
        /// Somebody was held or unheld.
        Hold = "hold",
        /// Somebody's properties changed.
        Modify = "modify",
        /// Somebody began or stopped to speak.
        Speaker = "speaker",
        /// An announcement ended or failed.
        Announcement = "announcement",
    }
}

words! {
    /// A recording's events that its status callback may be asked for.
    RecordingCallbackEvent {
        /// The recording began.
        InProgress = "in-progress",
        /// The file can be fetched.
        Completed = "completed",
        /// Nothing was recorded.
        Absent = "absent",
    }
}

words! {
    /// How many channels a recording has.
    Channels {
        /// Everybody mixed.
        Mono = "mono",
        /// The two sides apart.
        Dual = "dual",
    }
}

words! {
    /// Which sound of a leg a recording takes.
    Track {
        /// What the leg says.
        Inbound = "inbound",
        /// What the leg hears.
        Outbound = "outbound",
        /// Both.
        Both = "both",
    }
}

words! {
    /// Whether silence at a recording's ends is cut off, which breaks its alignment in time.
    Trim {
        /// Cut silence at the beginning and the end.
        TrimSilence = "trim-silence",
        /// Keep the time as it was.
        DoNotTrim = "do-not-trim",
    }
}

/// Several words as Twilio wants them in one value: separated by a space.
pub fn spaced<T: fmt::Display>(words: &[T]) -> String {
    words
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::{CallEvent, Method, spaced};

    #[test]
    fn every_word_reads_back_as_itself() {
        for event in CallEvent::ALL {
            assert_eq!(event.as_str().parse(), Ok(*event));
        }
        assert_eq!("get".parse(), Ok(Method::Get));
        assert!("PUT".parse::<Method>().is_err());
    }

    #[test]
    fn several_words_are_separated_by_a_space() {
        assert_eq!(
            spaced(&[CallEvent::Ringing, CallEvent::Answered]),
            "ringing answered"
        );
    }
}
