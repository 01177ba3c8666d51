//! One-off deals and orders a planning leaves out of the history.

use domain::access::Permission;
use domain::assumption::{Planning, PlanningQuery};
use domain::baseline::{Exclusion, LONGEST_REASON, NewExclusion, Reason};
use domain::event::Event;
use domain::id::AssumptionsId;
use serde_json::json;
use store::Session;
use store::attainment::{Piece, Question};
use store::exclusion::Excluded;
use store::metric::Metric;

use crate::scope::require;
use crate::{Error, Operations, Scope, assumption, audit, clock};

impl Operations {
    /// Whether this actor may see the history; asked before a question is read.
    pub fn may_read_baseline(&self, scope: &Scope) -> Result<(), Error> {
        require(scope, Permission::ReadBaseline)
    }

    /// Whether this actor may leave something out; asked before it is read what.
    pub fn may_exclude(&self, scope: &Scope) -> Result<(), Error> {
        require(scope, Permission::EditPlan)
    }

    /// What a planning leaves out of its history.
    pub async fn exclusions(&self, scope: &Scope, planning: &PlanningQuery) -> Result<Vec<Exclusion>, Error> {
        require(scope, Permission::ReadBaseline)?;
        let planning = self.planning(scope, planning).await?;
        let reader = self.database.reader();
        match assumption::find(&reader, scope, &planning).await? {
            Some(set) => Ok(store::exclusion::list(&reader, scope, set).await?),
            None => Ok(Vec::new()),
        }
    }

    /// Leaves a deal or an order out of the history of a planning: its actual stays. What is proposed brings its reason,
    /// anything else needs one in words. Leaving out what is out already replaces the reason.
    pub async fn exclude(
        &self,
        scope: &Scope,
        planning: &PlanningQuery,
        wanted: NewExclusion,
    ) -> Result<Exclusion, Error> {
        require(scope, Permission::EditPlan)?;
        let planning = self.planning(scope, planning).await?;
        let reader = self.database.reader();
        let external_id = wanted.external_id.trim().to_owned();
        let metric = store::metric::find(&reader, scope, &planning.metric).await?;
        let Some(metric) = metric else {
            return Err(unknown(&external_id));
        };
        let credits = store::exclusion::credits(&reader, scope, &metric, &[&external_id]).await?;
        if credits.is_empty() {
            return Err(unknown(&external_id));
        }
        let words = wanted
            .words
            .as_deref()
            .map(str::trim)
            .filter(|words| !words.is_empty());
        let reason = match words {
            Some(words) if words.chars().count() > LONGEST_REASON => return Err(too_long()),
            Some(words) => Reason::Said {
                words: words.to_owned(),
            },
            None => self
                .proposed_reason(scope, &planning, &external_id)
                .await?
                .ok_or_else(without_reason)?,
        };
        let exclusion = Exclusion {
            source: metric.source,
            external_id,
            reason,
            by: scope.actor.name().to_owned(),
            at_ms: clock::now_ms(),
        };
        let writer = self.database.writer().await?;
        let set = assumption::open(&writer, scope, &planning).await?;
        store::exclusion::put(&writer, scope, set, &exclusion).await?;
        let detail = json!({"set": set, "exclusion": exclusion});
        self.assumed(writer, scope, "exclusion.add", &exclusion.external_id, &detail)
            .await?;
        Ok(exclusion)
    }

    /// Lets a deal or an order count in the history of a planning again.
    pub async fn include(
        &self,
        scope: &Scope,
        planning: &PlanningQuery,
        external_id: &str,
    ) -> Result<(), Error> {
        require(scope, Permission::EditPlan)?;
        let planning = self.planning(scope, planning).await?;
        let writer = self.database.writer().await?;
        let set = assumption::open(&writer, scope, &planning).await?;
        let before = store::exclusion::list(&writer, scope, set)
            .await?
            .into_iter()
            .find(|known| known.external_id == external_id);
        if !store::exclusion::remove(&writer, scope, set, external_id).await? {
            return Err(Error::NotFound("exclusion"));
        }
        let detail = json!({"set": set, "before": before});
        self.assumed(writer, scope, "exclusion.remove", external_id, &detail)
            .await
    }

    async fn assumed(
        &self,
        writer: store::Writer,
        scope: &Scope,
        verb: &str,
        external_id: &str,
        detail: &serde_json::Value,
    ) -> Result<(), Error> {
        let subject = format!("exclusion:{external_id}");
        audit::commit(writer, scope, verb, &subject, detail, &Event::AssumptionsChanged).await
    }
}

/// The credits of what a set leaves out of a metric, within the scope; nothing where there is no set yet.
///
/// Each has its day, member, unit, product, customer, channel, amount and count: what to take from any sum. For sums of the
/// store [`pieces`] does it, whatever they are cut by.
pub(crate) async fn amounts(
    session: &impl Session,
    scope: &Scope,
    metric: &Metric,
    set: Option<AssumptionsId>,
) -> Result<Vec<Excluded>, Error> {
    let Some(set) = set else { return Ok(Vec::new()) };
    let left_out = store::exclusion::list(session, scope, set).await?;
    let ids: Vec<&str> = left_out
        .iter()
        .filter(|known| known.source == metric.source)
        .map(|known| known.external_id.as_str())
        .collect();
    Ok(store::exclusion::credits(session, scope, metric, &ids).await?)
}

/// The same for a planning.
pub(crate) async fn of_planning(
    session: &impl Session,
    scope: &Scope,
    metric: &Metric,
    planning: &Planning,
) -> Result<Vec<Excluded>, Error> {
    let set = assumption::find(session, scope, planning).await?;
    amounts(session, scope, metric, set).await
}

/// Sums of the store without what is left out: further parts of the same pieces, which take away.
pub(crate) fn pieces<'a>(
    question: &'a Question,
    left_out: &'a [Excluded],
) -> impl Iterator<Item = Piece> + use<'a> {
    left_out.iter().filter_map(|credit| credit.piece(question))
}

/// The sums of a question without what is left out: the history a season, a trend or a forecast is read from.
pub(crate) async fn sums_without(
    session: &impl Session,
    scope: &Scope,
    metric: &Metric,
    question: &Question,
    left_out: &[Excluded],
) -> Result<Vec<Piece>, Error> {
    let mut sums = store::attainment::sums(session, scope, metric, question).await?;
    sums.extend(pieces(question, left_out));
    Ok(sums)
}

fn unknown(external_id: &str) -> Error {
    Error::invalid_field(
        "unknown_record",
        "external_id",
        format!("没有编号为“{external_id}”且计入业绩的单据。"),
        format!("Nothing with the number \"{external_id}\" counts here."),
    )
}

fn without_reason() -> Error {
    Error::invalid_field(
        "reason_missing",
        "words",
        "它不在建议剔除之列，请写明为什么不计入历史。",
        "It is not among those proposed: say why it is left out of the history.",
    )
}

fn too_long() -> Error {
    Error::invalid_field(
        "reason_too_long",
        "words",
        format!("原因最多 {LONGEST_REASON} 个字。"),
        format!("A reason has at most {LONGEST_REASON} characters."),
    )
}
