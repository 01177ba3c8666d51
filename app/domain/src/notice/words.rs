//! What a notice says, in both languages, and where it leads.

use super::Notice;
use crate::format::{self, Lang};
use crate::people::actor;

/// Characters of a reason that a notice carries; the rest is read where it leads.
pub(super) const REASON_CHARS: usize = 140;

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
            Self::Remarked { version, thread, .. } => crate::remark::address(*version, *thread),
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
            Self::Remarked { by, .. } => {
                let by = actor(by, lang);
                lang.pick(
                    format!("{by} 对计划有新的意见"),
                    format!("{by} has something to say of a plan"),
                )
            }
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
            Self::Remarked { plan, name, by, .. } if name.is_empty() => {
                let by = actor(by, lang);
                lang.pick(
                    format!("{by} 对计划“{plan}”整体写了意见。"),
                    format!("{by} wrote a remark on the plan \"{plan}\" as a whole."),
                )
            }
            Self::Remarked { plan, name, by, .. } => {
                let by = actor(by, lang);
                lang.pick(
                    format!("{by} 对计划“{plan}”中“{name}”的数字写了意见。"),
                    format!("{by} wrote a remark on the number of {name} in the plan \"{plan}\"."),
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
