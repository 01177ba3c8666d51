//! Jobs: work that is asked for by a change and done after it, once, also when a server stops in between.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use crate::format::Lang;
use crate::id::{JobId, NegotiationId, NoticeId, QuestionnaireId, VersionId};

/// What is to be done, with all it needs to know; stored as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub enum Job {
    /// Sends a notice by mail to whom it is for.
    DeliverMail {
        /// The notice.
        notice: NoticeId,
    },
    /// Asks the rules whether a published plan should be adjusted.
    ProposeRevisions,
    /// Reminds whoever has not answered a questionnaire.
    RemindQuestionnaire {
        /// The questionnaire.
        questionnaire: QuestionnaireId,
    },
    /// Reminds whoever has to move in a negotiation, and ends it when its deadline is over.
    WatchNegotiation {
        /// The negotiation.
        negotiation: NegotiationId,
    },
    /// Reminds whoever has not confirmed a number of a version on record.
    RemindTargets {
        /// The version.
        version: VersionId,
    },
}

impl Job {
    /// The kinds this build can do; a server leaves those of a newer one alone.
    pub const KINDS: [&'static str; 5] = [
        "deliver_mail",
        "remind_questionnaire",
        "propose_revisions",
        "watch_negotiation",
        "remind_targets",
    ];

    /// The stored name of its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::DeliverMail { .. } => "deliver_mail",
            Self::ProposeRevisions => "propose_revisions",
            Self::RemindQuestionnaire { .. } => "remind_questionnaire",
            Self::WatchNegotiation { .. } => "watch_negotiation",
            Self::RemindTargets { .. } => "remind_targets",
        }
    }

    /// How often and how long it is tried: a mail for two days, because a mail server that is being mended over a weekend is
    /// nothing unusual.
    pub fn patience(&self) -> Patience {
        match self {
            Self::DeliverMail { .. } => Patience {
                attempts: NonZeroU32::MIN.saturating_add(11),
                first_ms: 30_000,
                longest_ms: 8 * 3_600_000,
            },
            Self::ProposeRevisions => Patience {
                attempts: NonZeroU32::MIN.saturating_add(4),
                first_ms: 60_000,
                longest_ms: 3_600_000,
            },
            // A reminder of yesterday helps nobody.
            Self::RemindQuestionnaire { .. } | Self::WatchNegotiation { .. } | Self::RemindTargets { .. } => {
                Patience {
                    attempts: NonZeroU32::MIN.saturating_add(5),
                    first_ms: 30_000,
                    longest_ms: 3_600_000,
                }
            }
        }
    }
}

/// What people read for a kind; a kind of a newer build is called as it is stored.
pub fn label(kind: &str, lang: Lang) -> &str {
    match kind {
        "deliver_mail" => lang.pick("发送邮件", "Send a mail"),
        "propose_revisions" => lang.pick("检查计划是否需要调整", "See whether plans should be adjusted"),
        "remind_questionnaire" => lang.pick("提醒填写问卷", "Remind of a questionnaire"),
        "watch_negotiation" => lang.pick(
            "提醒目标协商，到期上报或结束",
            "Remind of a negotiation, have it go up, or end it",
        ),
        "remind_targets" => lang.pick("提醒确认目标", "Remind of a target to confirm"),
        other => other,
    }
}

/// How often something is tried, and how long the pauses are: each is four times as long as the one before, up to the
/// longest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Attempts in all.
    pub attempts: NonZeroU32,
    /// The pause after the first, milliseconds.
    pub first_ms: i64,
    /// The longest pause, milliseconds.
    pub longest_ms: i64,
}

impl Patience {
    /// How much longer each pause is than the one before.
    const GROWTH: i64 = 4;

    /// The pause after so many attempts, milliseconds; none where it is not tried again.
    pub fn pause_ms(self, attempts: u32) -> Option<i64> {
        if attempts >= self.attempts.get() {
            return None;
        }
        let grown = Self::GROWTH.saturating_pow(attempts.saturating_sub(1));
        Some(self.first_ms.saturating_mul(grown).min(self.longest_ms))
    }
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits for its time.
    Queued,
    /// A server is at it.
    Running,
    /// Done.
    Done,
    /// Given up; an owner may have it tried again.
    Failed,
}

impl JobState {
    /// Every state, in the order of a job's life.
    pub const ALL: [Self; 4] = [Self::Queued, Self::Running, Self::Done, Self::Failed];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    /// The state of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// A job as an owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRow {
    /// Which.
    pub id: JobId,
    /// What is done, by its stored name; see [`label`].
    pub kind: String,
    /// Where it stands.
    pub state: JobState,
    /// When it is due, milliseconds since the epoch.
    pub run_at_ms: i64,
    /// How often it was tried.
    pub attempts: u32,
    /// The number under which the log tells what went wrong last.
    pub reference: Option<String>,
    /// When it was asked for, milliseconds since the epoch.
    pub created_at_ms: i64,
    /// When it was done or given up, milliseconds since the epoch.
    pub ended_at_ms: Option<i64>,
}

/// The jobs of an organization as an owner sees them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jobs {
    /// How many wait.
    pub queued: u64,
    /// How many are being done.
    pub running: u64,
    /// How many were done of late.
    pub done: u64,
    /// How many were given up.
    pub failed: u64,
    /// The latest of those that are not done: given up ones first, then by when they are due.
    pub list: Vec<JobRow>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        let patience = Job::DeliverMail {
            notice: NoticeId::default(),
        }
        .patience();
        let pauses: Vec<_> = (1..=12).map(|attempts| patience.pause_ms(attempts)).collect();
        let minutes = |minutes: i64| Some(minutes * 60_000);
        assert_eq!(pauses[0], Some(30_000));
        assert_eq!(pauses[1..4], [minutes(2), minutes(8), minutes(32)]);
        assert_eq!(pauses[4], minutes(128));
        assert!(pauses[5..11].iter().all(|pause| *pause == minutes(480)));
        assert_eq!(pauses[11], None, "the twelfth was the last");
        let all: i64 = pauses.into_iter().flatten().sum();
        assert!((48..60).contains(&(all / 3_600_000)), "{all}");
        assert_eq!(patience.pause_ms(0), Some(30_000));
        assert_eq!(patience.pause_ms(u32::MAX), None);
    }

    #[test]
    fn what_is_stored_reads_back() {
        let jobs = [
            Job::DeliverMail {
                notice: NoticeId::default(),
            },
            Job::RemindQuestionnaire {
                questionnaire: QuestionnaireId::default(),
            },
            Job::WatchNegotiation {
                negotiation: NegotiationId::default(),
            },
            Job::RemindTargets {
                version: VersionId::default(),
            },
        ];
        for job in jobs {
            let text = serde_json::to_string(&job).unwrap();
            assert_eq!(serde_json::from_str::<Job>(&text).unwrap(), job);
            assert!(text.contains(job.kind()), "the tag is the kind: {text}");
            assert!(Job::KINDS.contains(&job.kind()));
        }
        for state in JobState::ALL {
            assert_eq!(JobState::parse(state.as_str()), Some(state));
        }
        assert_eq!(label("deliver_mail", Lang::ZhCn), "发送邮件");
        assert_eq!(label("something_new", Lang::En), "something_new");
    }
}
