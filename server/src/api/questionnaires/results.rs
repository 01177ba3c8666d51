//! Questionnaires and their answers as they are answered.

use domain::format::Lang;
use domain::questionnaire as asked;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::progress;

/// A questionnaire in the list.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct QuestionnaireRow {
    id: Uuid,
    title: String,
    /// The first planned day it is about.
    from: String,
    /// The day after the last.
    to: String,
    /// `draft`, `open` or `closed`.
    #[schema(example = "open")]
    status: &'static str,
    /// Answers are asked for up to and including this day.
    due_on: String,
    /// How many people within reach are asked.
    asked: u32,
    /// How many of them have answered.
    answered: u32,
    created_by: String,
}

/// A questionnaire with its answers, of those within reach.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct Results {
    id: Uuid,
    title: String,
    /// `draft`, `open` or `closed`.
    #[schema(example = "open")]
    status: &'static str,
    /// The first planned day it is about.
    from: String,
    /// The day after the last.
    to: String,
    /// Words before the questions; may be empty.
    introduction: String,
    /// Answers are asked for up to and including this day.
    due_on: String,
    /// How many days before that a reminder comes; one more comes on the day itself.
    remind_days: u8,
    /// Whom it is sent to; of a draft, whom it would be sent to today.
    members: Vec<Recipient>,
    questions: Vec<Answers>,
    /// The sum of the own numbers; null where they were not asked for.
    bottom_up: Option<BottomUp>,
}

/// Somebody who is asked.
#[derive(Serialize, ToSchema)]
pub(super) struct Recipient {
    member: Uuid,
    name: String,
    /// Whether they can sign in to answer.
    signs_in: bool,
    /// `none`, `begun` or `answered`.
    #[schema(example = "answered")]
    progress: &'static str,
}

/// A question with its answers.
#[derive(Serialize, ToSchema)]
struct Answers {
    /// The question, in English where it is a ready one.
    question: String,
    /// `text`, `number`, `money`, `choice`, `scale` or `proposal`.
    #[schema(example = "proposal")]
    kind: &'static str,
    /// Of a ready question, its name.
    #[schema(example = "proposal")]
    ready: Option<&'static str>,
    /// Of a choice, what there is to choose from.
    options: Vec<String>,
    /// Whether somebody has answered only when this is answered too.
    required: bool,
    /// Of numbers: the middle, the smallest and the largest; amounts in minor units, other numbers in ten-thousandths.
    numbers: Option<ReplyNumbers>,
    /// Of a choice or a scale: how often each option was picked.
    counts: Option<Vec<u32>>,
    /// Who answered what, as it was typed; of a choice the place of the option from 0.
    replies: Vec<Reply>,
}

/// What numbers come to.
#[derive(Serialize, ToSchema)]
struct ReplyNumbers {
    count: u32,
    median: i64,
    low: i64,
    high: i64,
}

/// What one person answered.
#[derive(Serialize, ToSchema)]
struct Reply {
    member: Uuid,
    name: String,
    value: String,
    /// Of a proposal: why.
    reason: Option<String>,
}

/// The sum of the own numbers, in minor units.
#[derive(Serialize, ToSchema)]
struct BottomUp {
    proposals: u32,
    proposed: i64,
    /// What stands for those who gave no number: what they did in comparable days.
    filled: i64,
    /// How many of them there are.
    missing: u32,
    total: i64,
    /// The version's number; null without a version.
    top_down: Option<i64>,
    /// What of it those who were asked carry.
    top_down_of_asked: Option<i64>,
    /// What is to be expected; null where that is not known.
    outlook: Option<i64>,
    /// What of it is expected of those who were asked.
    outlook_of_asked: Option<i64>,
}

impl From<asked::Row> for QuestionnaireRow {
    fn from(row: asked::Row) -> Self {
        Self {
            id: row.id.0,
            title: row.title,
            from: row.span.starts_on.to_string(),
            to: row.span.ends_on.to_string(),
            status: row.status.as_str(),
            due_on: row.due_on.to_string(),
            asked: row.asked,
            answered: row.answered,
            created_by: row.created_by,
        }
    }
}

impl From<asked::Results> for Results {
    fn from(results: asked::Results) -> Self {
        let currency = results.planning.currency.clone();
        let written = results.written;
        let questions = written.draft.questions.iter().zip(&results.summaries);
        let answers = questions.map(|(question, summary)| {
            let reply = |quote: &asked::Quote| Reply {
                member: quote.member.0,
                name: quote.name.clone(),
                value: quote.reply.typed(&currency),
                reason: Some(quote.reply.reason().to_owned()).filter(|reason| !reason.is_empty()),
            };
            let ask = question.ask(Lang::En);
            Answers {
                question: question.text(Lang::En).to_owned(),
                kind: ask.as_str(),
                ready: match question.wording {
                    asked::Wording::Ready { of } => Some(of.as_str()),
                    asked::Wording::Own { .. } => None,
                },
                options: match ask {
                    asked::Ask::Choice { options } => options,
                    _ => Vec::new(),
                },
                required: question.required,
                numbers: match summary {
                    asked::Summary::Numbers { of, .. } => Some(ReplyNumbers {
                        count: of.count,
                        median: of.median,
                        low: of.low,
                        high: of.high,
                    }),
                    _ => None,
                },
                counts: match summary {
                    asked::Summary::Counts { counts, .. } => Some(counts.clone()),
                    _ => None,
                },
                replies: summary.quotes().iter().map(reply).collect(),
            }
        });
        Self {
            id: written.id.0,
            title: written.draft.title.clone(),
            status: written.status.as_str(),
            from: results.planning.span.starts_on.to_string(),
            to: results.planning.span.ends_on.to_string(),
            introduction: written.draft.introduction.clone(),
            remind_days: written.draft.remind_days,
            due_on: written.draft.due_on.to_string(),
            questions: answers.collect(),
            members: written.recipients.into_iter().map(Recipient::from).collect(),
            bottom_up: results.bottom_up.map(BottomUp::from),
        }
    }
}

impl From<asked::Recipient> for Recipient {
    fn from(one: asked::Recipient) -> Self {
        Self {
            member: one.member.0,
            name: one.name,
            signs_in: one.signs_in,
            progress: progress(one.progress),
        }
    }
}

impl From<asked::BottomUp> for BottomUp {
    fn from(sum: asked::BottomUp) -> Self {
        Self {
            proposals: sum.proposals,
            proposed: sum.proposed.0,
            filled: sum.filled_total.0,
            missing: u32::try_from(sum.filled.len()).unwrap_or(u32::MAX),
            total: sum.total.0,
            top_down: sum.top_down.map(|top_down| top_down.whole.0),
            top_down_of_asked: sum.top_down.map(|top_down| top_down.of_asked.0),
            outlook: sum.outlook.map(|outlook| outlook.whole.0),
            outlook_of_asked: sum.outlook.map(|outlook| outlook.of_asked.0),
        }
    }
}
