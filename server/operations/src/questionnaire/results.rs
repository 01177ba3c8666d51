//! Answers taken together, for planners and, within reach, for managers.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::Permission;
use domain::assumption::{Planning, PlanningQuery};
use domain::id::{MemberId, QuestionnaireId};
use domain::money::Minor;
use domain::outlook::{Outlook, Who};
use domain::plan::NodeIndex;
use domain::questionnaire::{
    AskedFor, BottomUp, Median, Question, Quote, Recipient, Reply, Results, Status, TopDown, Written,
    bottom_up, progress, summary,
};
use domain::target::{NodeRef, Said};
use store::Session;
use store::questionnaire::{Answered, Questionnaire};

use super::{audience, comparable, done_by_member};
use crate::plan::state::{self, State};
use crate::scope::require;
use crate::target::law;
use crate::{Error, Operations, Scope, notice};

/// Answers in words that are quoted beside the target, at most.
const QUOTED: usize = 6;

impl Operations {
    /// A questionnaire with who has answered, and what, of those within reach.
    pub async fn questionnaire_results(&self, scope: &Scope, id: QuestionnaireId) -> Result<Results, Error> {
        require(scope, Permission::ReadPeople)?;
        let reader = self.database.reader();
        let known = store::questionnaire::get(&reader, scope, id).await?;
        let organization = store::organization::get(&reader, scope).await?;
        let today = self.today_of(&organization).day;
        let planning = self.planning_of(scope, &organization, &known).await?;
        let may_write = scope.may(Permission::EditPlan);
        let answers = store::questionnaire::answers(&reader, scope, Some(id)).await?;
        let recipients = match known.status {
            Status::Draft if may_write => {
                audience::resolve(&reader, scope, &known.draft.audience, today).await?
            }
            Status::Draft => return Err(Error::NotFound("questionnaire")),
            Status::Open | Status::Closed => recipients(&reader, scope, &known, &answers).await?,
        };
        let names: BTreeMap<MemberId, &str> = recipients
            .iter()
            .map(|one| (one.member, one.name.as_str()))
            .collect();
        let summaries = (0_u16..)
            .zip(&known.draft.questions)
            .map(|(number, question)| {
                let quotes = answers.iter().filter(|answer| answer.question == number);
                let quotes = quotes.map(|answer| Quote {
                    member: answer.member,
                    name: names.get(&answer.member).copied().unwrap_or_default().to_owned(),
                    reply: answer.reply.clone(),
                });
                summary(question, quotes.collect())
            })
            .collect();
        let bottom_up = if known.status == Status::Draft {
            None
        } else {
            self.sum_of_proposals(scope, &known, &planning, &recipients, &answers)
                .await?
        };
        Ok(Results {
            written: Written {
                id,
                status: known.status,
                draft: known.draft.clone(),
                recipients,
            },
            planning,
            overdue: known.status == Status::Open && today > known.draft.due_on,
            may_write,
            summaries,
            bottom_up,
        })
    }

    /// The own numbers together; none where they were not asked for.
    async fn sum_of_proposals(
        &self,
        scope: &Scope,
        known: &Questionnaire,
        planning: &Planning,
        recipients: &[Recipient],
        answers: &[Answered],
    ) -> Result<Option<BottomUp>, Error> {
        let at = known.draft.questions.iter().position(Question::is_proposal);
        let Some(question) = at.and_then(|at| u16::try_from(at).ok()) else {
            return Ok(None);
        };
        let reader = self.database.reader();
        let all = state::all(scope);
        let today = self.business_date(scope).await?;
        let before_span = comparable(known.span, today);
        let before = done_by_member(&reader, &all, &planning.metric, before_span).await?;
        let proposal = |member: MemberId| {
            let answer = answers
                .iter()
                .find(|answer| answer.member == member && answer.question == question)?;
            match &answer.reply {
                Reply::Proposal { amount, .. } => Some(*amount),
                _ => None,
            }
        };
        let asked = recipients
            .iter()
            .map(|one| AskedFor {
                member: one.member,
                name: one.name.clone(),
                proposal: proposal(one.member),
                before: before
                    .get(&one.member)
                    .map(|amount| amount.to_minor(&planning.currency)),
            })
            .collect();
        let top_down = self.top_down(scope, planning, recipients).await?;
        // What is to be expected of the whole is for those who see the whole.
        let median = if scope.sees_everything() {
            let asked = PlanningQuery {
                version: planning.version.as_ref().map(|version| version.id),
                period: planning.period.as_ref().map(|period| period.name.clone()),
            };
            let outlook = self.expected(&all, asked).await?;
            outlook.as_ref().and_then(|outlook| median(outlook, recipients))
        } else {
            None
        };
        Ok(Some(bottom_up(before_span, asked, top_down, median)))
    }

    /// What people proposed for themselves in the newest questionnaire about this planning that asked for it, and what they
    /// said, for the page of its target.
    pub(crate) async fn proposed(
        &self,
        scope: &Scope,
        planning: &Planning,
    ) -> Result<Option<domain::target::BottomUp>, Error> {
        let reader = self.database.reader();
        let newest = store::questionnaire::list(&reader, scope)
            .await?
            .into_iter()
            .find(|known| {
                known.status != Status::Draft
                    && known.metric_key == planning.metric.as_str()
                    && known.span == planning.span
                    && known.draft.questions.iter().any(Question::is_proposal)
            });
        let Some(known) = newest else {
            return Ok(None);
        };
        let answers = store::questionnaire::answers(&reader, scope, Some(known.id)).await?;
        let recipients = recipients(&reader, scope, &known, &answers).await?;
        let sum = self
            .sum_of_proposals(scope, &known, planning, &recipients, &answers)
            .await?;
        Ok(sum.map(|sum| domain::target::BottomUp {
            questionnaire: known.id,
            asked: u32::try_from(recipients.len()).unwrap_or(u32::MAX),
            sum,
            said: said(&known, &recipients, &answers),
        }))
    }

    /// The version's numbers, as far as they are within reach.
    async fn top_down(
        &self,
        scope: &Scope,
        planning: &Planning,
        recipients: &[Recipient],
    ) -> Result<Option<TopDown>, Error> {
        let Some(version) = &planning.version else {
            return Ok(None);
        };
        let reader = self.database.reader();
        let version = store::version::get(&reader, scope, version.id).await?;
        let state = State::load(&reader, &state::all(scope), version).await?;
        let asked: BTreeSet<MemberId> = recipients.iter().map(|one| one.member).collect();
        let (mut whole, mut of_asked) = (0_i64, 0_i64);
        let mut not_asked = BTreeSet::new();
        for node in &state.nodes {
            let NodeRef::Member(member) = node.of else {
                continue;
            };
            if !scope.sees_member(member) {
                continue;
            }
            let amount = state.grid.amount(NodeIndex(node.ordinal), None).0;
            whole = whole.saturating_add(amount);
            if asked.contains(&member) {
                of_asked = of_asked.saturating_add(amount);
            } else {
                not_asked.insert(member);
            }
        }
        if scope.sees_everything() {
            // What the version says as a whole, also where the people's numbers exceed it on purpose.
            whole = state.grid.amount(NodeIndex(0), None).0;
        }
        Ok(Some(TopDown {
            whole: Minor(whole),
            in_part: !scope.sees_everything(),
            of_asked: Minor(of_asked),
            not_asked: u32::try_from(not_asked.len()).unwrap_or(u32::MAX),
        }))
    }
}

/// Some of what was said in words: reasons of own numbers first, the largest number first, then other answers.
fn said(known: &Questionnaire, recipients: &[Recipient], answers: &[Answered]) -> Vec<Said> {
    let mut said: Vec<Said> = answers
        .iter()
        .filter(|answer| match &answer.reply {
            Reply::Proposal { reason, .. } => !reason.is_empty(),
            reply => matches!(reply, Reply::Text { .. }),
        })
        .filter_map(|answer| {
            let name = recipients.iter().find(|one| one.member == answer.member)?;
            Some(Said {
                name: name.name.clone(),
                question: known.draft.questions.get(usize::from(answer.question))?.clone(),
                reply: answer.reply.clone(),
            })
        })
        .collect();
    said.sort_by_key(|said| match &said.reply {
        Reply::Proposal { amount, .. } => (0, -i128::from(amount.0)),
        _ => (1, 0),
    });
    said.truncate(QUOTED);
    said
}

/// The middle of an outlook, and what of it is expected of those who were asked.
fn median(outlook: &Outlook, recipients: &[Recipient]) -> Option<Median> {
    let whole = law(Some(outlook))?.p50();
    let asked: BTreeSet<MemberId> = recipients.iter().map(|one| one.member).collect();
    let mut of_asked = 0_i64;
    for branch in &outlook.branches {
        let (Who::Member(member), Some(p50)) = (branch.place.who, branch.p50()) else {
            continue;
        };
        if asked.contains(&member) {
            of_asked = of_asked.saturating_add(p50.0);
        }
    }
    Some(Median {
        whole,
        of_asked: Minor(of_asked),
    })
}

/// Whom it was sent to, by name, with how far they came.
async fn recipients(
    session: &impl Session,
    scope: &Scope,
    known: &Questionnaire,
    answers: &[Answered],
) -> Result<Vec<Recipient>, Error> {
    let asked: BTreeSet<MemberId> = store::questionnaire::asked(session, scope, Some(known.id))
        .await?
        .into_iter()
        .map(|asked| asked.member)
        .collect();
    let sign_in: BTreeSet<MemberId> = notice::who_are_members(session, scope)
        .await?
        .into_iter()
        .map(|(_, member)| member)
        .collect();
    Ok(store::member::list(session, &state::all(scope))
        .await?
        .into_iter()
        .filter(|member| asked.contains(&member.id))
        .map(|member| {
            let done = |question| {
                answers
                    .iter()
                    .any(|answer| answer.member == member.id && answer.question == question)
            };
            Recipient {
                member: member.id,
                signs_in: sign_in.contains(&member.id),
                progress: progress(&known.draft.questions, done),
                name: member.name,
            }
        })
        .collect())
}
