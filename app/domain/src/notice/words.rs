//! What a notice says, in both languages, and where it leads.

use super::Notice;
use crate::format::{self, Lang};
use crate::negotiation::{self, MoveKind};
use crate::people::{DEADLINE, actor};

/// Characters of a reason that a notice carries; the rest is read where it leads.
pub(super) const REASON_CHARS: usize = 140;

impl Notice {
    /// Where it leads: a path of ours.
    pub fn path(&self) -> String {
        match self {
            Self::TargetPublished { .. }
            | Self::TargetChanged { .. }
            | Self::TargetGone { .. }
            | Self::TargetReminder { .. } => "/my-target".to_owned(),
            Self::TargetCountered { version, .. } => format!("/split?version={version}"),
            Self::ApprovalAsked { version, .. }
            | Self::ApprovalGiven { version, .. }
            | Self::ApprovalReturned { version, .. }
            | Self::RevisionProposed { version, .. } => crate::approval::address(*version),
            Self::Remarked { version, thread, .. } => crate::remark::address(*version, *thread),
            Self::Negotiated {
                version,
                negotiation,
                side,
                ..
            }
            | Self::NegotiationDue {
                version,
                negotiation,
                side,
                ..
            }
            | Self::NegotiationExpired {
                version,
                negotiation,
                side,
                ..
            } => negotiation::address(*side, *version, *negotiation),
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
            Self::TargetGone { .. } => lang.pick(
                "你承担过的一个目标不再由你承担".to_owned(),
                "A target you carried is not yours any more".to_owned(),
            ),
            Self::TargetReminder { .. } => lang.pick(
                "你的目标还没有确认".to_owned(),
                "Your target still waits for your confirmation".to_owned(),
            ),
            Self::TargetCountered { name, .. } => lang.pick(
                format!("{name}对目标提出异议"),
                format!("{name} does not agree with a target"),
            ),
            Self::Negotiated { by, act, .. } => moved(*act, by, lang),
            Self::NegotiationDue { .. } => lang.pick(
                "有一个目标等你回应，快到期了".to_owned(),
                "A target waits for your answer, and its deadline comes".to_owned(),
            ),
            Self::NegotiationExpired { .. } => lang.pick(
                "一次目标协商已过期".to_owned(),
                "The negotiation of a target has expired".to_owned(),
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
            Self::TargetGone { plan, by, .. } => {
                let by = actor(by, lang);
                lang.pick(
                    format!("{by} 发布了计划“{plan}”，你承担过的一个数字不再由你承担，无需确认。"),
                    format!(
                        "{by} published the plan \"{plan}\": a number you carried is not yours any more. There is nothing to confirm."
                    ),
                )
            }
            Self::TargetReminder {
                plan, by: Some(by), ..
            } => {
                let by = actor(by, lang);
                lang.pick(
                    format!("{by} 提醒你：计划“{plan}”中你承担的数字还没有确认。看过后请确认，或者提出异议。"),
                    format!(
                        "{by} reminds you: the number you carry in the plan \"{plan}\" is not confirmed yet. Look at it and confirm it, or say why not."
                    ),
                )
            }
            Self::TargetReminder { plan, by: None, .. } => lang.pick(
                format!("计划“{plan}”中你承担的数字还没有确认。看过后请确认，或者提出异议。"),
                format!(
                    "The number you carry in the plan \"{plan}\" is not confirmed yet. Look at it and confirm it, or say why not."
                ),
            ),
            Self::TargetCountered {
                name, plan, reason, ..
            } => lang.pick(
                format!("{name}不同意计划“{plan}”里自己的数字：“{reason}”"),
                format!("{name} does not agree with the own number in the plan \"{plan}\": \"{reason}\""),
            ),
            Self::Negotiated {
                plan, name, by, act, ..
            } => {
                let moved = moved(*act, by, lang);
                lang.pick(
                    format!("{moved}：计划“{plan}”中“{name}”的数字。"),
                    format!("{moved}: the number of {name} in the plan \"{plan}\"."),
                )
            }
            Self::NegotiationDue {
                plan, name, due_on, ..
            } => {
                let due = format::date(*due_on, lang);
                lang.pick(
                    format!("计划“{plan}”中“{name}”的数字正在协商，轮到你回应，截止日期是{due}。"),
                    format!(
                        "The number of {name} in the plan \"{plan}\" is negotiated, and it is your turn; it is due on {due}."
                    ),
                )
            }
            Self::NegotiationExpired { plan, name, .. } => lang.pick(
                format!("计划“{plan}”中“{name}”的数字没有在截止日期前商定，数字不变。"),
                format!(
                    "Nothing was agreed in time on the number of {name} in the plan \"{plan}\"; it stays as it is."
                ),
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

/// What somebody did in a negotiation, in a few words.
fn moved(act: MoveKind, by: &str, lang: Lang) -> String {
    let by = actor(by, lang);
    match act {
        MoveKind::Propose => lang.pick(
            format!("{by} 对一个目标提出了别的数字"),
            format!("{by} proposes another number for a target"),
        ),
        MoveKind::Counter => lang.pick(
            format!("{by} 回应了一个目标，提出别的数字"),
            format!("{by} answers with another number for a target"),
        ),
        MoveKind::Agree => lang.pick(
            format!("{by} 同意了协商的数字"),
            format!("{by} agrees on the number of a target"),
        ),
        MoveKind::Decline => lang.pick(
            format!("{by} 不同意改动一个目标"),
            format!("{by} declines another number for a target"),
        ),
        MoveKind::Escalate if by == DEADLINE => lang.pick(
            "一个目标没有按时得到回应，转由上一级决定".to_owned(),
            "A target was not answered in time: it is decided further up".to_owned(),
        ),
        MoveKind::Escalate => lang.pick(
            format!("{by} 请你决定一个目标"),
            format!("{by} asks you to decide on a target"),
        ),
        MoveKind::Withdraw => lang.pick(
            format!("{by} 收回了对一个目标的提议"),
            format!("{by} takes back what was proposed for a target"),
        ),
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
