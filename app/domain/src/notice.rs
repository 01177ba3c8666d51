//! Notices: what one person is told, in their language, on the page and by mail.
//!
//! A notice says that something happened and where to look, never how much: figures are shown to those who are signed in.

mod delivery;
mod letter;
mod words;

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::id::{ImportId, MemberId, NegotiationId, NodeId, NoticeId, QuestionnaireId, RemarkId, VersionId};
use crate::negotiation::{MoveKind, Side};

pub use delivery::{Channel, Delivery, HOUR_MS, MAILS_AN_HOUR};
pub use letter::{Letter, gathered, letter};
pub use words::shortened;

/// The page with all notices of a person and the choice of mails.
pub const PAGE: &str = "/notices";

/// What is told. Names are those of when it happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum Notice {
    /// A number one carries is on record and waits for the confirmation.
    TargetPublished {
        /// The version that is on record now.
        version: VersionId,
        /// What its plan is called.
        plan: String,
        /// Who published it.
        by: String,
    },
    /// A number one carries was published again, and is another.
    TargetChanged {
        /// The version that is on record now.
        version: VersionId,
        /// What its plan is called.
        plan: String,
        /// Who published it.
        by: String,
    },
    /// A number one carried is somebody else's now, or nobody's.
    TargetGone {
        /// The version that is on record now.
        version: VersionId,
        /// What its plan is called.
        plan: String,
        /// Who published it.
        by: String,
    },
    /// A number one carries still waits for the confirmation.
    TargetReminder {
        /// The version that is on record.
        version: VersionId,
        /// What its plan is called.
        plan: String,
        /// Who reminds; none where its day had come.
        by: Option<String>,
    },
    /// Somebody does not agree with a number one published.
    TargetCountered {
        /// The version.
        version: VersionId,
        /// The node whose number it is.
        node: NodeId,
        /// Who carries it.
        member: MemberId,
        /// Their name.
        name: String,
        /// What the plan is called.
        plan: String,
        /// Why, shortened.
        reason: String,
    },
    /// Somebody moved in a negotiation of a number that one carries, or decides on.
    Negotiated {
        /// The version.
        version: VersionId,
        /// The negotiation.
        negotiation: NegotiationId,
        /// The side of who is told.
        side: Side,
        /// What the plan is called.
        plan: String,
        /// What the row is called.
        name: String,
        /// Who moved.
        by: String,
        /// How.
        act: MoveKind,
    },
    /// One has to move in a negotiation whose deadline comes.
    NegotiationDue {
        /// The version.
        version: VersionId,
        /// The negotiation.
        negotiation: NegotiationId,
        /// The side of who is told.
        side: Side,
        /// What the plan is called.
        plan: String,
        /// What the row is called.
        name: String,
        /// Up to and including this day.
        due_on: Day,
    },
    /// Nobody moved in time.
    NegotiationExpired {
        /// The version.
        version: VersionId,
        /// The negotiation.
        negotiation: NegotiationId,
        /// The side of who is told.
        side: Side,
        /// What the plan is called.
        plan: String,
        /// What the row is called.
        name: String,
    },
    /// A version waits for one's approval.
    ApprovalAsked {
        /// The version.
        version: VersionId,
        /// What its plan is called.
        plan: String,
        /// Who handed it in.
        by: String,
    },
    /// What one handed in is approved by everybody.
    ApprovalGiven {
        /// The version.
        version: VersionId,
        /// What its plan is called.
        plan: String,
        /// Who approved last.
        by: String,
    },
    /// What one handed in came back.
    ApprovalReturned {
        /// The version.
        version: VersionId,
        /// What its plan is called.
        plan: String,
        /// Who sent it back.
        by: String,
        /// Why, shortened.
        reason: String,
    },
    /// Somebody spoke of a number that one handed in, or spoke of before.
    Remarked {
        /// The version.
        version: VersionId,
        /// The thread.
        thread: RemarkId,
        /// What the plan is called.
        plan: String,
        /// What the row is called; empty for the plan as a whole.
        name: String,
        /// Who spoke.
        by: String,
    },
    /// A rule proposes to adjust a published plan.
    RevisionProposed {
        /// The version on record.
        version: VersionId,
        /// What its plan is called.
        plan: String,
    },
    /// An import one started ended without writing anything.
    ImportFailed {
        /// The import.
        import: ImportId,
        /// The names of its files, joined; empty for an undo.
        files: String,
    },
    /// A questionnaire waits for one's answers.
    QuestionnaireSent {
        /// The questionnaire.
        questionnaire: QuestionnaireId,
        /// What it is called.
        title: String,
        /// Who asks.
        by: String,
        /// Up to and including this day.
        due_on: Day,
    },
    /// It still does.
    QuestionnaireReminder {
        /// The questionnaire.
        questionnaire: QuestionnaireId,
        /// What it is called.
        title: String,
        /// Up to and including this day.
        due_on: Day,
    },
}

/// A notice as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Which.
    pub id: NoticeId,
    /// What is told.
    pub notice: Notice,
    /// Since when, milliseconds since the epoch.
    pub at_ms: i64,
    /// Since when it counts as read.
    pub read_at_ms: Option<i64>,
}

/// The notices of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notices {
    /// The latest, newest first.
    pub list: Vec<Told>,
    /// How many of all are not read.
    pub unread: u32,
    /// Whether they also come by mail.
    pub mail: Mail,
}

/// Whether a person's notices also come by mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mail {
    /// The server sends none: it was started without a mail server.
    NotSent,
    /// Not for the people of the sample company, whose addresses are made up.
    Sample,
    /// They do.
    Wanted,
    /// The person does not want them.
    Unwanted,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::words::REASON_CHARS;
    use super::*;
    use crate::format::Lang;
    use crate::people::COMMAND_LINE;

    /// One of each.
    pub(crate) fn each() -> [Notice; 20] {
        let version = VersionId::default();
        let negotiated = |act, side| Notice::Negotiated {
            version,
            negotiation: NegotiationId::default(),
            side,
            plan: "签约额".to_owned(),
            name: "华东".to_owned(),
            by: "王琳".to_owned(),
            act,
        };
        [
            Notice::TargetPublished {
                version,
                plan: "签约额 4,000万".to_owned(),
                by: COMMAND_LINE.to_owned(),
            },
            Notice::TargetChanged {
                version,
                plan: "签约额 4,000万".to_owned(),
                by: "王琳".to_owned(),
            },
            Notice::TargetGone {
                version,
                plan: "签约额".to_owned(),
                by: "王琳".to_owned(),
            },
            Notice::TargetReminder {
                version,
                plan: "签约额".to_owned(),
                by: Some("王琳".to_owned()),
            },
            Notice::TargetReminder {
                version,
                plan: "签约额".to_owned(),
                by: None,
            },
            Notice::TargetCountered {
                version,
                node: NodeId::default(),
                member: MemberId::default(),
                name: "周舟".to_owned(),
                plan: "签约额".to_owned(),
                reason: "最多 300 万".to_owned(),
            },
            Notice::Remarked {
                version,
                thread: RemarkId::default(),
                plan: "签约额".to_owned(),
                name: "华东".to_owned(),
                by: "王琳".to_owned(),
            },
            Notice::Remarked {
                version,
                thread: RemarkId::default(),
                plan: "签约额".to_owned(),
                name: String::new(),
                by: "王琳".to_owned(),
            },
            Notice::ImportFailed {
                import: ImportId::default(),
                files: "orders.csv".to_owned(),
            },
            Notice::QuestionnaireSent {
                questionnaire: QuestionnaireId::default(),
                title: "明年怎么看".to_owned(),
                by: "王琳".to_owned(),
                due_on: Day(20_000),
            },
            Notice::QuestionnaireReminder {
                questionnaire: QuestionnaireId::default(),
                title: "明年怎么看".to_owned(),
                due_on: Day(20_000),
            },
            negotiated(MoveKind::Propose, Side::Plan),
            negotiated(MoveKind::Counter, Side::Carrier),
            negotiated(MoveKind::Agree, Side::Carrier),
            negotiated(MoveKind::Decline, Side::Carrier),
            negotiated(MoveKind::Escalate, Side::Plan),
            negotiated(MoveKind::Withdraw, Side::Plan),
            Notice::Negotiated {
                version,
                negotiation: NegotiationId::default(),
                side: Side::Carrier,
                plan: "签约额".to_owned(),
                name: "华东".to_owned(),
                by: crate::people::DEADLINE.to_owned(),
                act: MoveKind::Escalate,
            },
            Notice::NegotiationDue {
                version,
                negotiation: NegotiationId::default(),
                side: Side::Plan,
                plan: "签约额".to_owned(),
                name: "华东".to_owned(),
                due_on: Day(20_000),
            },
            Notice::NegotiationExpired {
                version,
                negotiation: NegotiationId::default(),
                side: Side::Carrier,
                plan: "签约额".to_owned(),
                name: "华东".to_owned(),
            },
        ]
    }

    #[test]
    fn every_notice_has_words_in_both_languages_and_leads_somewhere() {
        for notice in each() {
            for words in [Notice::title, Notice::text] {
                let (zh, en) = (words(&notice, Lang::ZhCn), words(&notice, Lang::En));
                assert_ne!(zh, en);
                assert!(zh.chars().count() > 5 && en.len() > 5, "{zh} / {en}");
            }
            assert!(notice.path().starts_with('/'));
            let text = serde_json::to_string(&notice).unwrap();
            assert_eq!(serde_json::from_str::<Notice>(&text).unwrap(), notice);
        }
        assert!(each()[0].text(Lang::ZhCn).starts_with("命令行 发布"));
    }

    #[test]
    fn no_title_says_how_much() {
        for notice in each() {
            for lang in Lang::ALL {
                let title = notice.title(lang);
                assert!(!title.contains(|letter: char| letter.is_ascii_digit()), "{title}");
            }
        }
    }

    #[test]
    fn a_reason_is_one_line_and_not_too_long() {
        assert_eq!(shortened(" 太高\n\n 没有 客户 "), "太高 没有 客户");
        let long = "长".repeat(500);
        assert_eq!(shortened(&long).chars().count(), REASON_CHARS);
        assert!(shortened(&long).ends_with('…'));
        assert_eq!(shortened(&"长".repeat(REASON_CHARS)), "长".repeat(REASON_CHARS));
    }
}
