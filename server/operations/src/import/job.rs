//! The course of one import: open the files, wait for a turn, take the rows over, finish or clean up.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::time::Duration;

use domain::calendar::{Day, Fiscal};
use domain::event::Event;
use domain::id::ImportId;
use domain::import::{Failure, Field, FileView, Kind, Mapping, Problem, Report, Status};
use domain::metric::{Bookings, MetricKey, Source};
use store::import::{Import, Rejected};
use store::metric::Metric;
use store::slot::Slot;
use store::{Scope, StoreError};

use super::catalog::Catalog;
use super::cells::Columns;
use super::opening::{Opened, broken_off};
use super::opportunities::Reader;
use super::orders::Orders;
use super::pipeline::Summary;
use super::refer::Refer;
use super::registers::{Outcome as RowOutcome, Reading, Register};
use super::targets::{Batch, Targets};
use super::{Custody, Outcome, Request, json, parse};
use crate::attainment::fiscal;
use crate::{Error, Operations, clock, notice};

/// Rows that were not taken over are kept up to here; more of them are counted only.
pub(super) const REJECTED_KEPT: usize = 100_000;

/// Why a job ends before its end.
#[derive(Debug)]
pub(super) enum Stop {
    /// A person asked.
    Cancelled,
    /// The data do not allow it.
    Failed(Failure),
    /// A file broke off while it was read.
    Files(Box<FileView>),
    /// Something of ours broke.
    Broken(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Broken(error)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Broken(error.into())
    }
}

impl From<tokio::task::JoinError> for Stop {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::Broken(Error::Internal(format!("import thread: {error}")))
    }
}

/// What every step of a job works with.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) operations: Operations,
    pub(super) scope: Scope,
    pub(super) import: Import,
    pub(super) request: Request,
    /// The metric won deals count for; `None` in a dry run before its first fact.
    pub(super) metric: Option<Metric>,
    pub(super) today: Day,
    pub(super) currency: String,
    pub(super) fiscal: Fiscal,
    /// What counts as bookings.
    pub(super) bookings: Bookings,
    /// This import chooses orders, because no deal counted before.
    pub(super) chosen: bool,
    /// A won deal was taken over.
    pub(super) deals_written: bool,
    /// An order with an amount was taken over.
    pub(super) orders_written: bool,
    pub(super) rejected_kept: usize,
}

impl Operations {
    /// Runs a queued import to its end; how it ends is found in its row.
    pub(super) async fn run_import(&self, scope: &Scope, id: ImportId) -> Result<(), Error> {
        let writer = self.database.writer().await?;
        let started = store::import::start(&writer, scope, id, clock::now_ms()).await?;
        writer.commit().await?;
        if !started {
            return Ok(());
        }
        let reader = self.database.reader();
        let import = store::import::get(&reader, scope, id).await?;
        let organization = store::organization::get(&reader, scope).await?;
        let mut job = Job {
            operations: self.clone(),
            scope: scope.clone(),
            request: parse(&import.request)?,
            import,
            metric: None,
            today: self.business_date(scope).await?,
            fiscal: fiscal(&organization)?,
            currency: organization.currency.code,
            bookings: organization.bookings,
            chosen: false,
            deals_written: false,
            orders_written: false,
            rejected_kept: 0,
        };
        let mut outcome = Outcome::default();
        let ended = job.work(&mut outcome).await;
        let status = match &ended {
            Ok(()) => Status::Done,
            Err(Stop::Cancelled) => Status::Cancelled,
            Err(Stop::Failed(_) | Stop::Files(_) | Stop::Broken(_)) => Status::Failed,
        };
        match ended {
            Ok(()) | Err(Stop::Cancelled) => {}
            Err(Stop::Failed(failure)) => outcome.failure = Some(failure),
            Err(Stop::Files(view)) => {
                outcome.files.push(*view);
                outcome.failure = Some(Failure::Files);
            }
            Err(Stop::Broken(error)) => {
                tracing::error!(%id, %error, "import failed");
                outcome.failure = Some(Failure::Internal);
            }
        }
        let written = status == Status::Done && !job.request.options.dry_run;
        if !written {
            self.clean_slot(scope, job.import.slot).await?;
            self.take_back_references(scope, id).await?;
            self.end_import(scope, id, status, &outcome).await?;
        }
        if written || status == Status::Cancelled {
            job.discard_files();
        }
        Ok(())
    }

    /// Writes down how an import that wrote nothing ended.
    pub(super) async fn end_import(
        &self,
        scope: &Scope,
        id: ImportId,
        status: Status,
        outcome: &Outcome,
    ) -> Result<(), Error> {
        let writer = self.database.writer().await?;
        let mut import = store::import::get(&writer, scope, id).await?;
        import.status = status;
        import.report = json(outcome)?;
        import.ended_at_ms = Some(clock::now_ms());
        store::import::update(&writer, scope, &import).await?;
        let request: Request = parse(&import.request)?;
        if status == Status::Failed && !request.options.dry_run {
            notice::import_failed(&writer, scope, &import).await?;
        }
        store::outbox::append(&writer, scope, &Event::ImportDone { import: id }).await?;
        Ok(writer.commit().await?)
    }
}

impl Job {
    pub(super) fn id(&self) -> ImportId {
        self.import.id
    }

    pub(super) fn slot(&self) -> Slot {
        self.import.slot
    }

    pub(super) fn writes(&self) -> bool {
        !self.request.options.dry_run
    }

    async fn work(&mut self, outcome: &mut Outcome) -> Result<(), Stop> {
        let ready = self.open(outcome).await?;
        self.import.rows_total = ready.iter().map(|opened| opened.table.rows_estimate as i64).sum();
        if self.writes() {
            self.take_turn().await?;
        } else {
            let reader = self.operations.database.reader();
            self.metric = store::metric::find(&reader, &self.scope, &MetricKey::BOOKINGS).await?;
        }
        let reader = self.operations.database.reader();
        let demo = self.import.origin == super::Origin::Demo.as_str();
        let mut catalog = Catalog::load(&reader, &self.scope, self.id(), demo).await?;
        let mut summary = Summary::default();
        let mut targets = Targets::default();
        for opened in ready {
            let (next, view) = match opened.kind {
                Kind::Opportunities => {
                    let taken = self.facts(opened, catalog, &mut summary, Reader::new).await?;
                    self.told(Source::Deals, taken)
                }
                Kind::Orders => {
                    self.choose().await?;
                    let amount = self.bookings.order_amount;
                    let reader =
                        |columns, refer, currency: &str| Orders::new(columns, refer, currency, amount);
                    let taken = self.facts(opened, catalog, &mut summary, reader).await?;
                    self.told(Source::Orders, taken)
                }
                Kind::Targets => self.targets(opened, catalog, &mut targets).await?,
                _ => self.register(opened, catalog).await?,
            };
            catalog = next;
            outcome.files.push(view);
        }
        if summary.any() {
            let findings = summary.findings(&catalog);
            if let Some(view) = outcome
                .files
                .iter_mut()
                .rfind(|view| matches!(view.kind, Some(Kind::Opportunities | Kind::Orders)))
            {
                view.findings.extend(findings);
            }
        }
        let targets = Batch::of(self, &catalog, targets).await?;
        if self.writes() {
            self.finish(catalog.changes, &summary, targets, outcome).await?;
        } else if let Some(targets) = targets {
            let reader = self.operations.database.reader();
            targets.check(self, &reader, outcome).await?;
        }
        Ok(())
    }

    /// Waits until no other import writes, then begins to write under the own slot.
    async fn take_turn(&mut self) -> Result<(), Stop> {
        loop {
            let writer = self.operations.database.writer().await?;
            let now_ms = clock::now_ms();
            if !store::import::beat(&writer, &self.scope, self.id(), 0, now_ms).await? {
                return Err(Stop::Cancelled);
            }
            // Who changes where people belong meanwhile is waited for: facts are credited by that.
            store::organization::lock(&writer, &self.scope).await?;
            if store::slot::writing(&writer, &self.scope).await?.is_none() {
                match store::slot::open(&writer, &self.scope, self.slot(), self.id()).await {
                    Ok(()) => {
                        let mut import = store::import::get(&writer, &self.scope, self.id()).await?;
                        import.rows_total = self.import.rows_total;
                        store::import::update(&writer, &self.scope, &import).await?;
                        let id = clock::new_id().into();
                        let metric =
                            store::metric::ensure(&writer, &self.scope, &MetricKey::BOOKINGS, id, now_ms)
                                .await?;
                        self.metric = Some(metric);
                        writer.commit().await?;
                        return Ok(());
                    }
                    // Another server was quicker.
                    Err(StoreError::Conflict(_)) => drop(writer),
                    Err(error) => return Err(error.into()),
                }
            } else {
                writer.commit().await?;
            }
            self.operations.recover_imports(&self.scope).await?;
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Whatever is small enough to be held: units, members, products, accounts, potential, capability, leave.
    async fn register(&mut self, opened: Opened, catalog: Catalog) -> Result<(Catalog, FileView), Stop> {
        let Opened {
            file,
            table,
            kind,
            mapping,
            mut view,
        } = opened;
        let mut columns = self.columns(&view.name, mapping);
        if matches!(kind, Kind::Potential | Kind::Capability) {
            columns = columns.in_currency(&self.currency);
        }
        let refer = Refer::new(&self.request.options, kind);
        let reading = Reading {
            fiscal: self.fiscal,
            today: self.today,
            currency: self.currency.clone(),
        };
        let mut register = Register::new(kind, columns, refer, reading);
        let room = REJECTED_KEPT.saturating_sub(self.rejected_kept);
        let (catalog, report, findings, rejected, problem) = tokio::task::spawn_blocking(move || {
            let mut catalog = catalog;
            let mut report = Report::new(kind);
            let mut rejected = Vec::new();
            let outcome = table.rows(&mut |row| {
                if register.dropped(row.number) {
                    return ControlFlow::Continue(());
                }
                report.counts.read += 1;
                match register.read(row, &mut catalog) {
                    Ok(RowOutcome::Created) => report.counts.created += 1,
                    Ok(RowOutcome::Updated) => report.counts.updated += 1,
                    Ok(RowOutcome::Unchanged) => report.counts.unchanged += 1,
                    Err(problems) => {
                        if rejected.len() < room {
                            rejected.push(kept(file, row.number, &row.to_cells(), &problems));
                        }
                        report.reject(problems);
                    }
                }
                ControlFlow::Continue(())
            });
            // What a row says about its place in the tree may turn out wrong when all are known: the row stands, its place does not.
            for problem in register.finish(&mut catalog) {
                report.problem_count += 1;
                report.problems.push(problem);
            }
            (
                catalog,
                report,
                register.into_refer().into_findings(),
                rejected,
                outcome.err(),
            )
        })
        .await?;
        self.keep(rejected).await?;
        view.findings.extend(findings);
        view.report = Some(report);
        match problem {
            None => Ok((catalog, view)),
            Some(problem) => Err(broken_off(problem, view)),
        }
    }

    /// The columns of a file with what a person put right in it.
    pub(super) fn columns(&self, name: &str, mapping: Mapping) -> Columns {
        let fixes: HashMap<(u64, Field), String> = self
            .request
            .fixes
            .iter()
            .filter(|fix| fix.file == name)
            .map(|fix| ((fix.row, fix.field), fix.value.clone()))
            .collect();
        let drops: HashSet<u64> = self
            .request
            .drops
            .iter()
            .filter(|drop| drop.file == name)
            .map(|drop| drop.row)
            .collect();
        Columns::new(mapping, &self.request.options, fixes, drops)
    }

    /// Keeps rows that were not taken over.
    pub(super) async fn keep(&mut self, rows: Vec<Rejected>) -> Result<(), Stop> {
        self.rejected_kept += rows.len();
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let part: Vec<Rejected> = rows.by_ref().take(1_000).collect();
            let writer = self.operations.database.writer().await?;
            store::import::reject(&writer, &self.scope, self.id(), part).await?;
            writer.commit().await?;
        }
        Ok(())
    }

    fn discard_files(&self) {
        for file in self
            .request
            .files
            .iter()
            .filter(|file| file.custody == Custody::Ours)
        {
            if let Err(error) = std::fs::remove_file(&file.path) {
                tracing::warn!(path = %file.path.display(), %error, "an uploaded file stays behind");
            }
        }
    }
}

/// A row as kept for the page and the error file.
pub(super) fn kept(file: usize, row: u64, cells: &[String], problems: &[Problem]) -> Rejected {
    Rejected {
        file: file as i32,
        row: row as i64,
        cells: serde_json::to_string(cells).unwrap_or_default(),
        problems: serde_json::to_string(problems).unwrap_or_default(),
    }
}
