//! Opportunities by the million: one thread reads, one task compares, one writes, with two batches in between at most.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::calendar::{Day, Fiscal, PeriodKind};
use domain::event::Event;
use domain::id::{MemberId, MetricId, OpportunityId};
use domain::import::{Field, FileView, Finding, Problem, Reason, Report};
use store::opportunity::{Entry, Prepared};
use store::rollup::{Deltas, Rows, Sign};
use tokio::sync::mpsc;

use super::catalog::Catalog;
use super::file::Row;
use super::job::{Job, Opened, REJECTED_KEPT, Stop, broken_off, kept};
use super::opportunities::{Crediting, Reader, Recent, Said, total};
use super::refer::Refer;
use super::rowid::{RowIds, row_of};
use crate::clock;

/// Rows of one batch and of one transaction; small enough for other writers to get their turn soon.
const BATCH_ROWS: usize = 2_500;
/// Keys of roll-ups held before they are written.
const DELTA_KEYS: usize = 120_000;
/// Progress is told to listeners at most this often.
const TELL_EVERY: Duration = Duration::from_millis(700);

/// What all files of opportunities together say.
#[derive(Debug, Default)]
pub(super) struct Summary {
    pub(super) any: bool,
    /// Members with a deal in these files.
    members: HashSet<MemberId>,
    /// First and last day a won deal counts.
    days: Option<(Day, Day)>,
    /// First and last day of which roll-ups changed.
    pub(super) changed: Option<(Day, Day)>,
}

impl Summary {
    fn day(&mut self, day: Day) {
        let (first, last) = self.days.unwrap_or((day, day));
        self.days = Some((first.min(day), last.max(day)));
    }

    /// Who has no deal at all, and which quarters are not whole.
    pub(super) fn findings(&self, catalog: &Catalog) -> Vec<Finding> {
        let leaders: HashSet<MemberId> = catalog.units.values().filter_map(|unit| unit.manager).collect();
        let mut names: Vec<String> = catalog
            .members
            .values()
            .filter(|member| !self.members.contains(&member.id) && !leaders.contains(&member.id))
            .map(|member| member.name.clone())
            .collect();
        names.sort();
        let mut findings = Vec::new();
        if !names.is_empty() && names.len() <= catalog.members.len() / 2 {
            findings.push(Finding::MembersWithoutFacts { names });
        }
        if let Some((from, to)) = self.days {
            let fiscal = Fiscal::default();
            for day in [from, to] {
                let quarter = fiscal.period_of(PeriodKind::Quarter, day);
                let month = |day| fiscal.period_of(PeriodKind::Month, day);
                let whole = if day == from {
                    month(from).start == quarter.start
                } else {
                    month(to).end == quarter.end
                };
                if !whole {
                    let last_day = quarter.last_day();
                    findings.push(Finding::PartialPeriod {
                        from: from.max(quarter.start),
                        to: to.min(last_day),
                        period: quarter.name,
                    });
                }
            }
        }
        findings
    }
}

/// From the reading thread.
#[derive(Debug, Default)]
struct Batch {
    said: Vec<Said>,
    rejected: Vec<(u64, Vec<String>, Vec<Problem>)>,
    read: u64,
}

/// To the writing task: one transaction.
#[derive(Debug, Default)]
struct Work {
    retired: Vec<OpportunityId>,
    prepared: Option<Prepared>,
    rollups: Option<Rows>,
    rejected: Vec<store::import::Rejected>,
    read: u64,
}

impl Job {
    /// Takes a file of opportunities over.
    pub(super) async fn opportunities(
        &mut self,
        opened: Opened,
        catalog: Catalog,
        summary: &mut Summary,
    ) -> Result<(Catalog, FileView), Stop> {
        let Opened {
            file,
            table,
            kind,
            mapping,
            mut view,
        } = opened;
        summary.any = true;
        let crediting = Crediting {
            metric: self
                .metric
                .as_ref()
                .map_or_else(MetricId::default, |metric| metric.id),
            root: catalog.root,
            assignments: Arc::new(catalog.assignments.clone()),
            today: self.today,
        };
        let columns = self.columns(&view.name, mapping);
        let refer = Refer::new(&self.request.options, kind);
        let mut reader = Reader::new(columns, refer, &self.currency);
        let (send_batch, mut batches) = mpsc::channel::<Batch>(2);
        let reread = table.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let mut catalog = catalog;
            let mut batch = Batch::default();
            let outcome = table.rows(&mut |row| {
                if reader.dropped(row.number) {
                    return ControlFlow::Continue(());
                }
                batch.read += 1;
                match reader.read(row, &mut catalog) {
                    Ok(said) => batch.said.push(said),
                    Err(problems) => batch.rejected.push((row.number, row.to_cells(), problems)),
                }
                if batch.read as usize >= BATCH_ROWS
                    && send_batch.blocking_send(std::mem::take(&mut batch)).is_err()
                {
                    return ControlFlow::Break(());
                }
                ControlFlow::Continue(())
            });
            // A closed channel means that the other side stopped and knows why.
            let _ = send_batch.blocking_send(batch);
            let (refer, blanks) = reader.into_parts();
            (catalog, refer, blanks, outcome.err())
        });
        let (send_work, work) = mpsc::channel::<Work>(1);
        let mut comparing = Comparing {
            job: self,
            file,
            ids: RowIds::new(),
            crediting,
            recent: Recent::default(),
            report: Report::new(kind),
            deltas: Deltas::default(),
            late: HashMap::new(),
            room: REJECTED_KEPT.saturating_sub(self.rejected_kept),
            kept: 0,
            any_before: store::opportunity::any(&self.operations.database.reader(), &self.scope).await?,
            written_any: false,
        };
        let compare = async {
            let mut outcome = Ok(());
            while let Some(batch) = batches.recv().await {
                outcome = comparing.batch(batch, summary, &send_work).await;
                if outcome.is_err() {
                    break;
                }
            }
            if outcome.is_ok() {
                outcome = comparing.rollups(&send_work, 0).await;
            }
            drop(send_work);
            // The reading thread ends when nobody takes its batches.
            drop(batches);
            (outcome, comparing)
        };
        let (written, (compared, comparing)) = tokio::join!(self.write(work), compare);
        let Comparing {
            report,
            late,
            kept: kept_rows,
            deltas,
            ..
        } = comparing;
        let (catalog, refer, blanks, problem): (Catalog, Refer, HashMap<Field, u64>, _) = reading.await?;
        // The writer knows why it stopped; the others only that it did.
        written?;
        compared?;
        if let Some((first, last)) = deltas.range() {
            let (from, to) = summary.changed.unwrap_or((first, last));
            summary.changed = Some((from.min(first), to.max(last)));
        }
        self.rejected_kept += kept_rows;
        self.keep_late(file, reread, late).await?;
        view.findings.extend(refer.into_findings());
        let mut blanks: Vec<(Field, u64)> = blanks.into_iter().collect();
        blanks.sort();
        view.findings.extend(
            blanks
                .into_iter()
                .map(|(field, rows)| Finding::Blank { field, rows }),
        );
        view.report = Some(report);
        match problem {
            None => Ok((catalog, view)),
            Some(problem) => Err(broken_off(problem, view)),
        }
    }

    /// One transaction after the other, as they come.
    async fn write(&self, mut work: mpsc::Receiver<Work>) -> Result<(), Stop> {
        let database = &self.operations.database;
        let (mut read, mut told) = (0, Instant::now());
        while let Some(Work {
            retired,
            prepared,
            rollups,
            rejected,
            read: more,
        }) = work.recv().await
        {
            read += more;
            let writer = database.writer().await?;
            if !retired.is_empty() {
                store::opportunity::retire(&writer, &self.scope, self.slot(), &retired).await?;
            }
            if let Some(prepared) = prepared {
                store::opportunity::insert(&writer, prepared).await?;
            }
            if let (Some(rows), Some(metric)) = (rollups, &self.metric) {
                store::rollup::add(&writer, &self.scope, metric, self.slot(), rows).await?;
            }
            store::import::reject(&writer, &self.scope, self.id(), rejected).await?;
            let read = read as i64;
            if !store::import::beat(&writer, &self.scope, self.id(), read, clock::now_ms()).await? {
                return Err(Stop::Cancelled);
            }
            if told.elapsed() >= TELL_EVERY {
                told = Instant::now();
                let total = self.import.rows_total.max(read).unsigned_abs();
                let event = Event::ImportProgress {
                    import: self.id(),
                    read: read.unsigned_abs(),
                    total,
                };
                store::outbox::append(&writer, &self.scope, &event).await?;
            }
            writer.commit().await?;
        }
        Ok(())
    }

    /// Keeps rows whose fault showed only when they were compared; their cells are read once more.
    async fn keep_late(
        &mut self,
        file: usize,
        table: super::file::Table,
        mut late: HashMap<u64, Vec<Problem>>,
    ) -> Result<(), Stop> {
        if late.is_empty() {
            return Ok(());
        }
        let rows = tokio::task::spawn_blocking(move || {
            let mut rows = Vec::with_capacity(late.len());
            let outcome = table.rows(&mut |row: Row<'_>| {
                if let Some(problems) = late.remove(&row.number) {
                    rows.push(kept(file, row.number, &row.to_cells(), &problems));
                }
                if late.is_empty() {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            });
            drop(outcome);
            rows
        })
        .await?;
        self.keep(rows).await
    }
}

struct Comparing<'a> {
    job: &'a Job,
    file: usize,
    ids: RowIds,
    crediting: Crediting,
    recent: Recent,
    report: Report,
    deltas: Deltas,
    late: HashMap<u64, Vec<Problem>>,
    room: usize,
    kept: usize,
    any_before: bool,
    written_any: bool,
}

impl Comparing<'_> {
    /// Compares a batch with what is stored and hands on what is to be written.
    async fn batch(
        &mut self,
        batch: Batch,
        summary: &mut Summary,
        send: &mpsc::Sender<Work>,
    ) -> Result<(), Stop> {
        let Batch { said, rejected, read } = batch;
        self.report.counts.read += read;
        let mut work = Work {
            read,
            ..Work::default()
        };
        for (row, cells, problems) in rejected {
            if self.room > 0 {
                self.room -= 1;
                self.kept += 1;
                work.rejected.push(kept(self.file, row, &cells, &problems));
            }
            self.report.reject(problems);
        }
        self.recent.begin();
        let scope = &self.job.scope;
        let reader = self.job.operations.database.reader();
        let external: Vec<&str> = said.iter().map(|said| said.external_id.as_str()).collect();
        let known = if self.any_before || self.written_any {
            store::opportunity::known(&reader, scope, &external).await?
        } else {
            HashMap::new()
        };
        drop(external);
        let mut entries = Vec::with_capacity(said.len());
        let mut changed: HashMap<OpportunityId, Said> = HashMap::new();
        for said in said {
            summary.members.insert(said.member());
            let counted = said.counts();
            if let Some((day, amount)) = counted {
                summary.day(day);
                total(&mut self.report.source, day, amount);
            }
            let found = known.get(&said.external_id);
            let met = self.recent.meet(&said.external_id, said.row);
            let first_row = met.or_else(|| {
                found
                    .filter(|found| found.slot == self.job.slot() && self.job.writes())
                    .map(|found| row_of(found.id))
            });
            if let Some(first_row) = first_row {
                self.refuse(Problem::row(said.row, Reason::Duplicate { first_row }));
                continue;
            }
            match found {
                None => {
                    let row = said.row;
                    match said.apply(self.ids.of(row), None, &self.crediting) {
                        Ok(entry) => {
                            self.report.counts.created += 1;
                            self.count(counted);
                            self.plus(&entry);
                            entries.push(entry);
                        }
                        Err(problem) => self.refuse(problem),
                    }
                }
                Some(found) if found.row_hash == said.hash => {
                    self.report.counts.unchanged += 1;
                    self.count(counted);
                }
                Some(found) => {
                    changed.insert(found.id, said);
                }
            }
        }
        if !changed.is_empty() {
            let ids: Vec<OpportunityId> = changed.keys().copied().collect();
            for (_, stored) in store::opportunity::versions(&reader, scope, &ids).await? {
                let id = stored.opportunity.id;
                let Some(said) = changed.remove(&id) else { continue };
                let counted = said.counts();
                match said.apply(id, Some(&stored), &self.crediting) {
                    Ok(entry) if same(&entry, &stored) => {
                        self.report.counts.unchanged += 1;
                        self.count(counted);
                    }
                    Ok(entry) => {
                        self.report.counts.updated += 1;
                        self.count(counted);
                        for credit in &stored.credits {
                            self.deltas.add(credit, &stored.opportunity, Sign::Minus);
                        }
                        self.plus(&entry);
                        work.retired.push(id);
                        entries.push(entry);
                    }
                    Err(problem) => self.refuse(problem),
                }
            }
        }
        if self.job.writes() && !entries.is_empty() {
            self.written_any = true;
            work.prepared = Some(Prepared::of(scope, self.job.slot(), &entries));
        }
        if !self.job.writes() {
            work.retired.clear();
        }
        give(send, work).await?;
        if self.deltas.len() > DELTA_KEYS {
            self.rollups(send, DELTA_KEYS / 4).await?;
        }
        Ok(())
    }

    /// Hands on gathered roll-ups until at most `leave` keys are left.
    async fn rollups(&mut self, send: &mpsc::Sender<Work>, leave: usize) -> Result<(), Stop> {
        while self.deltas.len() > leave {
            let rows = self.deltas.take();
            if self.job.writes() && !rows.is_empty() {
                give(
                    send,
                    Work {
                        rollups: Some(rows),
                        ..Work::default()
                    },
                )
                .await?;
            }
        }
        Ok(())
    }

    fn plus(&mut self, entry: &Entry) {
        for credit in &entry.credits {
            self.deltas.add(credit, &entry.opportunity, Sign::Plus);
        }
    }

    fn count(&mut self, counted: Option<(Day, domain::money::Fact)>) {
        if let Some((day, amount)) = counted {
            total(&mut self.report.written, day, amount);
        }
    }

    fn refuse(&mut self, problem: Problem) {
        if self.room > 0 {
            self.room -= 1;
            self.late.insert(problem.row, vec![problem.clone()]);
        }
        self.report.reject([problem]);
    }
}

/// Whether a row changes nothing but the hash it is known by.
fn same(entry: &Entry, stored: &Entry) -> bool {
    let mut opportunity = entry.opportunity.clone();
    opportunity.row_hash = stored.opportunity.row_hash;
    opportunity == stored.opportunity && entry.events == stored.events && entry.credits == stored.credits
}

/// Hands work on; where nobody takes it the writer has stopped and says why.
async fn give(send: &mpsc::Sender<Work>, work: Work) -> Result<(), Stop> {
    send.send(work).await.map_err(|_| Stop::Cancelled)
}
