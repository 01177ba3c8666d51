//! Answering to a number: confirming it, or saying what it should be instead.

use domain::access::Permission;
use domain::event::Event;
use domain::id::{NodeId, VersionId};
use domain::money::Minor;
use domain::pulse::Pulse;
use domain::target::{Answer, MyTarget, VersionStatus};
use serde_json::json;
use store::acknowledgement::NewAcknowledgement;
use store::cell::Cell;

use super::{Whole, held, my_target, number_hash};
use crate::negotiation::Asked;
use crate::plan::hex;
use crate::scope::require;
use crate::{Error, Operations, Scope, audit, clock, notice};

/// Longest comment.
const COMMENT_CHARS: usize = 1_000;

/// What somebody answers to a number.
struct Said {
    answer: Answer,
    comment: Option<String>,
    pulse: Option<Pulse>,
    /// What it should be instead.
    ask: Option<Minor>,
}

impl Operations {
    /// Answers to exactly the number that `hash` names; where the number is another by now, it is refused.
    pub async fn acknowledge(
        &self,
        scope: &Scope,
        version: VersionId,
        node: NodeId,
        hash: &str,
        answer: Answer,
        comment: Option<&str>,
    ) -> Result<MyTarget, Error> {
        require(scope, Permission::Acknowledge)?;
        let said = Said {
            answer,
            comment: checked_comment(answer, comment)?,
            pulse: None,
            ask: None,
        };
        self.answer_number(scope, version, node, hash, said).await
    }

    /// Confirms exactly the number that `hash` names; with how fair it is, from 1 to 5, and why, where that is said.
    pub async fn confirm_target(
        &self,
        scope: &Scope,
        version: VersionId,
        node: NodeId,
        hash: &str,
        fair: Option<u8>,
        reason: Option<&str>,
    ) -> Result<MyTarget, Error> {
        require(scope, Permission::Acknowledge)?;
        let said = Said {
            answer: Answer::Confirmed,
            comment: None,
            pulse: crate::pulse::said(fair, reason)?,
            ask: None,
        };
        self.answer_number(scope, version, node, hash, said).await
    }

    /// Does not agree with exactly the number that `hash` names, and says why; with what it should be instead, as people write
    /// an amount, a negotiation of it begins.
    pub async fn counter_target(
        &self,
        scope: &Scope,
        version: VersionId,
        node: NodeId,
        hash: &str,
        comment: &str,
        amount: Option<&str>,
    ) -> Result<MyTarget, Error> {
        require(scope, Permission::Acknowledge)?;
        let ask = match amount.map(str::trim).filter(|amount| !amount.is_empty()) {
            None => None,
            Some(typed) => Some(self.typed_amount(scope, typed).await?),
        };
        let said = Said {
            answer: Answer::Countered,
            comment: checked_comment(Answer::Countered, Some(comment))?,
            pulse: None,
            ask,
        };
        self.answer_number(scope, version, node, hash, said).await
    }

    async fn answer_number(
        &self,
        scope: &Scope,
        version: VersionId,
        node: NodeId,
        hash: &str,
        said: Said,
    ) -> Result<MyTarget, Error> {
        let member = scope.member.ok_or(Error::NotFound("target"))?;
        let Said {
            answer,
            comment,
            pulse,
            ask,
        } = said;
        let reason = comment.clone().filter(|_| answer == Answer::Countered);
        let writer = self.database.writer().await?;
        let locked = store::version::lock(&writer, scope, version).await?;
        let plan = store::plan::get(&writer, scope, locked.plan).await?;
        let held = held(&writer, scope, &plan, version).await?;
        let of_version = store::cell::of_version(&writer, scope, version).await?;
        let (carried, cells) = of_version
            .into_iter()
            .find(|(known, _)| known.id == node && known.carrier == Some(member))
            .ok_or(Error::NotFound("target"))?;
        let cells: Vec<Cell> = cells
            .into_iter()
            .filter(|cell| held.contains(&cell.period))
            .collect();
        let number = number_hash(&plan, version, carried.of, &cells);
        if locked.status != VersionStatus::Published || hex(&number) != hash {
            return Err(Error::conflict(
                "target_changed",
                "目标已经变了，请看过新的数字再确认。",
                "The target has changed: look at the new number before you confirm it.",
            ));
        }
        let new = NewAcknowledgement {
            node,
            member,
            hash: number,
            state: answer,
            comment,
            pulse,
            at_ms: clock::now_ms(),
        };
        store::acknowledgement::append(&writer, scope, version, new).await?;
        let organization = store::organization::get(&writer, scope).await?;
        let whole = Whole::load(&writer, scope, plan, locked, &organization).await?;
        let target = my_target(&writer, scope, &whole, &carried, &cells).await?;
        let Whole {
            plan,
            version: locked,
            ..
        } = whole;
        let detail = json!({ "version": version, "answer": answer, "total": target.total, "hash": hash });
        if let Some(ask) = ask {
            // What is asked for the whole is no answer to a part of it.
            if held.len() < plan.periods.len() {
                return Err(Error::conflict(
                    "target_in_part",
                    "这个计划有一部分周期已由别的计划接替，不能提出新的总数；请只写理由。",
                    "Another plan has taken over some periods of this one, so no new total can be asked for: say only why.",
                ));
            }
            let asked = Asked {
                version: &locked,
                plan: &plan,
                node: &carried,
                number: target.total,
                amount: ask,
                words: reason,
            };
            self.ask_for(&writer, scope, asked).await?;
        } else if let Some(reason) = reason {
            notice::countered(&writer, scope, &plan, &locked, &carried, member, &reason).await?;
        }
        let event = Event::Acknowledged { version, node };
        audit::commit(
            writer,
            scope,
            "target.acknowledge",
            &format!("node:{node}"),
            &detail,
            &event,
        )
        .await?;
        Ok(target)
    }
}

fn checked_comment(answer: Answer, comment: Option<&str>) -> Result<Option<String>, Error> {
    let comment = comment.map(str::trim).filter(|comment| !comment.is_empty());
    if comment.is_some_and(|comment| comment.chars().count() > COMMENT_CHARS) {
        return Err(Error::invalid_field(
            "comment_too_long",
            "comment",
            format!("说明最多 {COMMENT_CHARS} 个字符。"),
            format!("A comment has at most {COMMENT_CHARS} characters."),
        ));
    }
    if answer == Answer::Countered && comment.is_none() {
        return Err(Error::invalid_field(
            "comment_missing",
            "comment",
            "提出异议时请写明理由。",
            "Say why when you do not agree.",
        ));
    }
    Ok(comment.map(str::to_owned))
}
