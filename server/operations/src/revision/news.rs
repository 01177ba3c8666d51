//! Market factors that were entered after a plan was published. What a version was reckoned with is frozen with it, so they
//! are gathered for its days, outside of any version; a revision takes them over.

use domain::calendar::Day;
use domain::id::{AssumptionsId, VersionId};
use domain::outlook::Factor;
use store::assumption::Subject;
use store::plan::Plan;
use store::version::Version;
use store::{Scope, Session, Writer};

use crate::{Error, clock};

/// Factors entered or changed since a version was published, for days of its plan that are still to come; oldest first.
pub(super) async fn since_published(
    session: &impl Session,
    all: &Scope,
    plan: &Plan,
    version: &Version,
    today: Day,
) -> Result<Vec<Factor>, Error> {
    let Some(published_at_ms) = version.published_at_ms else {
        return Ok(Vec::new());
    };
    let mut news: Vec<Factor> = Vec::new();
    for set in store::assumption::prepared(session, all, &plan.metric_key, plan.span).await? {
        for factor in store::factor::list(session, all, set).await? {
            let days = factor.entry.span;
            let is_ahead = today < days.ends_on && days.starts_on < plan.span.ends_on;
            let is_known = news.iter().any(|known| known.id == factor.id);
            if factor.at_ms > published_at_ms && is_ahead && !is_known {
                news.push(factor);
            }
        }
    }
    news.sort_by_key(|factor| (factor.at_ms, factor.id));
    Ok(news)
}

/// Gives a draft these factors as its own.
pub(super) async fn take_over(
    writer: &Writer,
    scope: &Scope,
    plan: &Plan,
    draft: VersionId,
    news: &[Factor],
) -> Result<(), Error> {
    if news.is_empty() {
        return Ok(());
    }
    let of = Subject {
        metric_key: plan.metric_key.clone(),
        span: plan.span,
        version: Some(draft),
    };
    let set = store::assumption::open(writer, scope, &of, AssumptionsId(clock::new_id())).await?;
    for factor in news {
        store::factor::put(writer, scope, set, factor).await?;
    }
    Ok(())
}
