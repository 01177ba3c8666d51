//! What counts as bookings: won deals, or orders.

mod anew;

use std::collections::HashMap;
use std::sync::Arc;

use domain::access::Permission;
use domain::event::Event;
use domain::id::{MemberId, MetricId};
use domain::metric::{Bookings, MetricKey, Source};
use serde_json::json;
use store::Writer;
use store::assignment::Assignment;
use store::fact::{Version, Which};
use store::rollup::{Deltas, Sign};
use store::slot::Slot;

use crate::import::{Creditable, Crediting};
use crate::scope::require;
use crate::{Error, Operations, Scope, audit, clock};

/// Facts credited at once.
const FACTS: u32 = 2_000;
/// What is there without an import.
const BASE: Slot = Slot(0);

impl Operations {
    /// What counts as bookings.
    pub async fn bookings(&self, scope: &Scope) -> Result<Bookings, Error> {
        require(scope, Permission::ReadAttainment)?;
        Ok(store::organization::get(&self.database.reader(), scope)
            .await?
            .bookings)
    }

    /// Chooses what counts as bookings. Deals and orders never count both, so the other source is chosen only while nothing
    /// counts by the present one, and another amount of orders only while no order counts. What is stored of the chosen source
    /// is credited in the same transaction, also the versions an undo would bring back.
    pub async fn choose_bookings(&self, scope: &Scope, wanted: Bookings) -> Result<Bookings, Error> {
        require(scope, Permission::Import)?;
        let writer = self.database.writer().await?;
        let mut organization = store::organization::get(&writer, scope).await?;
        let before = organization.bookings;
        if before == wanted {
            return Ok(wanted);
        }
        organization.bookings = wanted;
        store::organization::update(&writer, scope, &organization).await?;
        if store::slot::writing(&writer, scope).await?.is_some() {
            return Err(Error::conflict(
                "import_running",
                "导入正在进行，请在它结束后再选择。",
                "An import is running; choose when it has ended.",
            ));
        }
        if wanted.from != before.from && store::fact::any_credited(&writer, scope, before.from).await? {
            return Err(in_use(before.from));
        }
        if wanted.order_amount != before.order_amount
            && store::fact::any_credited(&writer, scope, Source::Orders).await?
        {
            return Err(Error::conflict(
                "order_amount_in_use",
                "已有订单按现在的金额计入业绩。请先撤销订单导入，改好之后再导入。",
                "Orders count by the present amount. Undo their imports, change the amount, and import them again.",
            ));
        }
        let id = MetricId(clock::new_id());
        let metric = store::metric::ensure(&writer, scope, &MetricKey::BOOKINGS, id, clock::now_ms()).await?;
        let crediting = self.crediting(&writer, scope, metric.id, wanted).await?;
        let mut deltas = Deltas::default();
        match wanted.from {
            Source::Deals => {
                credit::<store::opportunity::Entry>(&writer, scope, &crediting, &mut deltas).await?;
            }
            Source::Orders => {
                credit::<store::order::Entry>(&writer, scope, &crediting, &mut deltas).await?;
            }
        }
        let range = deltas.range();
        while !deltas.is_empty() {
            store::rollup::add(&writer, scope, &metric, BASE, deltas.take()).await?;
        }
        if let Some((from_day, to_day)) = range {
            let event = Event::FactsChanged {
                metrics: vec![MetricKey::BOOKINGS.to_string()],
                from_day,
                to_day,
            };
            store::outbox::append(&writer, scope, &event).await?;
        }
        let subject = format!("organization:{}", scope.organization);
        let detail = json!({"before": before, "after": wanted});
        let verb = "organization.choose_bookings";
        audit::commit(writer, scope, verb, &subject, &detail, &Event::PeopleChanged).await?;
        Ok(wanted)
    }

    async fn crediting(
        &self,
        writer: &Writer,
        scope: &Scope,
        metric: MetricId,
        bookings: Bookings,
    ) -> Result<Crediting, Error> {
        let units = store::unit::list(writer, scope, None).await?;
        let root = units
            .iter()
            .find(|unit| unit.parent.is_none())
            .ok_or(Error::NotFound("unit"))?
            .id;
        let mut assignments: HashMap<MemberId, Vec<Assignment>> = HashMap::new();
        for assignment in store::assignment::list(writer, scope, None).await? {
            assignments.entry(assignment.member).or_default().push(assignment);
        }
        Ok(Crediting {
            metric,
            root,
            assignments: Arc::new(assignments),
            bookings,
            today: self.business_date(scope).await?,
        })
    }
}

/// Credits every version that has no credit.
async fn credit<E: Creditable>(
    writer: &Writer,
    scope: &Scope,
    crediting: &Crediting,
    deltas: &mut Deltas,
) -> Result<(), Error> {
    let mut after = None;
    loop {
        let ids = store::fact::ids(writer, scope, E::SOURCE, after, FACTS).await?;
        let Some(last) = ids.last() else { return Ok(()) };
        after = Some(*last);
        let mut credited: Vec<Version<E>> = Vec::with_capacity(ids.len());
        for version in E::versions(writer, scope, &ids, Which::All).await? {
            let credits = version.entry.credits_by(crediting);
            if !version.entry.credits().is_empty() || credits.is_empty() {
                continue;
            }
            let entry = version.entry.credited(credits);
            if version.gone == BASE {
                deltas.add(&entry, Sign::Plus);
            }
            credited.push(Version { entry, ..version });
        }
        store::fact::add_credits(writer, scope, &credited).await?;
    }
}

fn in_use(source: Source) -> Error {
    match source {
        Source::Deals => Error::conflict(
            "deals_count",
            "已有赢单商机计入业绩，不能改按订单计：两者不会同时计入。请先撤销商机导入。",
            "Won deals count as bookings, and orders never do beside them: undo the imports of deals first.",
        ),
        Source::Orders => Error::conflict(
            "orders_count",
            "已有订单计入业绩，不能改按赢单计：两者不会同时计入。请先撤销订单导入。",
            "Orders count as bookings, and won deals never do beside them: undo the imports of orders first.",
        ),
    }
}
