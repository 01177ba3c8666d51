//! Notices: what one person is told, in their language, on the page and by mail.
//!
//! A notice says that something happened and where to look, never how much: figures are shown to those who are signed in.

mod letter;

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::format::{self, Lang};
use crate::id::{ImportId, MemberId, NodeId, NoticeId, QuestionnaireId, VersionId};
use crate::people::actor;

pub use letter::{Letter, letter};

/// The page with all notices of a person and the choice of mails.
pub const PAGE: &str = "/notices";
/// Characters of a reason that a notice carries; the rest is read where it leads.
const REASON_CHARS: usize = 140;

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

impl Notice {
    /// Where it leads: a path of ours.
    pub fn path(&self) -> String {
        match self {
            Self::TargetPublished { .. } | Self::TargetChanged { .. } => "/my-target".to_owned(),
            Self::TargetCountered { version, .. } => format!("/split?version={version}"),
            Self::ApprovalAsked { version, .. }
            | Self::ApprovalGiven { version, .. }
            | Self::ApprovalReturned { version, .. }
            | Self::RevisionProposed { version, .. } => crate::approval::address(*version),
            Self::ImportFailed { import, .. } => format!("/data/import?id={import}"),
            Self::QuestionnaireSent { questionnaire, .. }
            | Self::QuestionnaireReminder { questionnaire, .. } => {
                format!("/questionnaire/{questionnaire}")
            }
        }
    }

    /// In a few words, without anything that is not for every eye: what a mail's subject says.
    pub fn title(&self, lang: Lang) -> String {
        match self {
            Self::TargetPublished { .. } => lang.pick(
                "你的目标已发布，请确认".to_owned(),
                "Your target is published: please confirm it".to_owned(),
            ),
            Self::TargetChanged { .. } => lang.pick(
                "你的目标变了，请重新确认".to_owned(),
                "Your target has changed: please confirm it again".to_owned(),
            ),
            Self::TargetCountered { name, .. } => lang.pick(
                format!("{name}对目标提出异议"),
                format!("{name} does not agree with a target"),
            ),
            Self::ApprovalAsked { .. } => lang.pick(
                "有计划等你审批".to_owned(),
                "A plan waits for your approval".to_owned(),
            ),
            Self::ApprovalGiven { .. } => lang.pick(
                "你提交的计划已通过审批".to_owned(),
                "The plan you handed in is approved".to_owned(),
            ),
            Self::ApprovalReturned { .. } => lang.pick(
                "你提交的计划被退回".to_owned(),
                "The plan you handed in was returned".to_owned(),
            ),
            Self::RevisionProposed { .. } => lang.pick(
                "建议调整计划".to_owned(),
                "A plan may need to be adjusted".to_owned(),
            ),
            Self::ImportFailed { .. } => {
                lang.pick("导入没有完成".to_owned(), "An import has failed".to_owned())
            }
            Self::QuestionnaireSent { .. } => lang.pick(
                "请填写一份问卷".to_owned(),
                "A questionnaire waits for your answers".to_owned(),
            ),
            Self::QuestionnaireReminder { .. } => lang.pick(
                "有一份问卷还没有填完".to_owned(),
                "A questionnaire still waits for your answers".to_owned(),
            ),
        }
    }

    /// What happened, in a sentence or two.
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::TargetPublished { plan, by, .. } => {
                let by = actor(by, lang);
                lang.pick(
                    format!("{by} 发布了计划“{plan}”，其中有你承担的数字。"),
                    format!("{by} published the plan \"{plan}\", and you carry a number of it."),
                )
            }
            Self::TargetChanged { plan, by, .. } => {
                let by = actor(by, lang);
                lang.pick(
                    format!("{by} 重新发布了计划“{plan}”，你承担的数字和以前不同。"),
                    format!("{by} published the plan \"{plan}\" again, and the number you carry is another."),
                )
            }
            Self::TargetCountered {
                name, plan, reason, ..
            } => lang.pick(
                format!("{name}不同意计划“{plan}”里自己的数字：“{reason}”"),
                format!("{name} does not agree with the own number in the plan \"{plan}\": \"{reason}\""),
            ),
            Self::ApprovalAsked { plan, by, .. } => {
                let by = actor(by, lang);
                lang.pick(
                    format!("{by} 提交了计划“{plan}”，请看过差异后审批。"),
                    format!("{by} handed in the plan \"{plan}\". Look at what differs, and decide."),
                )
            }
            Self::ApprovalGiven { plan, by, .. } => {
                let by = actor(by, lang);
                lang.pick(
                    format!("{by} 通过了计划“{plan}”，审批已全部完成，可以发布。"),
                    format!("{by} approved the plan \"{plan}\". Every step is passed: it can be published."),
                )
            }
            Self::ApprovalReturned { plan, by, reason, .. } => {
                let by = actor(by, lang);
                lang.pick(
                    format!("{by} 退回了计划“{plan}”：“{reason}”"),
                    format!("{by} returned the plan \"{plan}\": \"{reason}\""),
                )
            }
            Self::RevisionProposed { plan, .. } => lang.pick(
                format!("按设定的规则，计划“{plan}”可能需要调整。请看过进度后决定。"),
                format!("By the rules you set, the plan \"{plan}\" may need to be adjusted. Look at it and decide."),
            ),
            Self::ImportFailed { files, .. } if files.is_empty() => lang.pick(
                "撤销导入没有成功，数据和以前一样。".to_owned(),
                "Taking an import back did not succeed; the data are as they were.".to_owned(),
            ),
            Self::ImportFailed { files, .. } => lang.pick(
                format!("“{files}”没有导入，数据和以前一样。"),
                format!("\"{files}\" was not imported; the data are as they were."),
            ),
            Self::QuestionnaireSent {
                title, by, due_on, ..
            } => {
                let (by, due) = (actor(by, lang), format::date(*due_on, lang));
                lang.pick(
                    format!("{by} 请你填写“{title}”，{due}前填完，几分钟就好。"),
                    format!("{by} asks you to answer \"{title}\" by {due}. It takes a few minutes."),
                )
            }
            Self::QuestionnaireReminder { title, due_on, .. } => {
                let due = format::date(*due_on, lang);
                lang.pick(
                    format!("“{title}”还在等你的回答，截止日期是{due}。"),
                    format!("\"{title}\" still waits for your answers; it is due on {due}."),
                )
            }
        }
    }
}

/// A reason as a notice carries it: one line, not too long.
pub fn shortened(reason: &str) -> String {
    let line = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= REASON_CHARS {
        return line;
    }
    let mut short: String = line.chars().take(REASON_CHARS - 1).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
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

/// The ways a notice is brought to somebody beside the page, where it simply is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// To the address the person signs in with.
    Mail,
}

impl Channel {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
        }
    }
}

/// How far a notice came on a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// Not yet.
    Waiting,
    /// Handed over.
    Sent,
    /// Not needed any more: read meanwhile, not wanted, or nothing to send it with.
    Needless,
    /// Given up.
    Failed,
}

impl Delivery {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Needless => "needless",
            Self::Failed => "failed",
        }
    }

    /// The state of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Waiting, Self::Sent, Self::Needless, Self::Failed]
            .into_iter()
            .find(|state| state.as_str() == name)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::people::COMMAND_LINE;

    /// One of each.
    pub(crate) fn each() -> [Notice; 6] {
        let version = VersionId::default();
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
            Notice::TargetCountered {
                version,
                node: NodeId::default(),
                member: MemberId::default(),
                name: "周舟".to_owned(),
                plan: "签约额".to_owned(),
                reason: "最多 300 万".to_owned(),
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
