//! The bench `split`, the planners' side: what opening a plan takes, how long a change is on its way, what becomes of five
//! planners who change one plan at once, and what a large plan weighs. Prints one line of JSON.
//!
//! `cargo run --release --package operations --example split -- small|large HOST:PORT PASSWORD DATABASE-URL`. `cargo xtask bench
//! split` makes the companies with the planners `planner0@attain.test` … `planner4@attain.test` and starts the server.

mod caller;
mod planner;

use std::error::Error;
use std::time::{Duration, Instant};

use domain::calendar::{Day, PeriodKind};
use domain::id::VersionId;
use domain::money::Minor;
use domain::plan::{Entered, GiveWay, NodeIndex, PlanCommand};
use domain::split::{Joining, OpenGrid};
use domain::target::{Made, NewPlan, Verdict};
use operations::{Database, Operations};
use serde_json::{Value, json};

use caller::{Caller, Form};
use planner::Planner;

/// Why there is nothing to print.
type Failure = Box<dyn Error + Send + Sync>;

/// Planners at once.
const PLANNERS: usize = 5;
/// Times that the plan is opened.
const OPENED: usize = 9;
/// Changes one after the other.
const CHANGES: u32 = 300;
/// How long the planners work at once, and how many changes each makes a second.
const TOGETHER: Duration = Duration::from_mins(1);
const A_SECOND: u32 = 10;

fn main() -> Result<(), Failure> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let [size, address, password, database] = given.as_slice() else {
        return Err("four arguments: small|large HOST:PORT PASSWORD DATABASE-URL".into());
    };
    let first = Caller::signed_in(address, &email(0), password)?;
    let told = match size.as_str() {
        "small" => small(first, address, password, database)?,
        "large" => large(first)?,
        other => return Err(format!("there is no size {other}").into()),
    };
    println!("{told}");
    Ok(())
}

fn email(planner: usize) -> String {
    format!("planner{planner}@attain.test")
}

/// A plan of sixteen months.
fn plan(caller: &mut Caller) -> Result<VersionId, Failure> {
    let day = |year, month| Day::from_ymd(year, month, 1).ok_or("no such day");
    let plan = NewPlan {
        metric: "bookings".to_owned(),
        from: day(2026, 1)?,
        to: day(2027, 5)?,
        period_kind: PeriodKind::Month,
        total: Minor(48_000_000_000_000),
        name: None,
    };
    let made = caller.ask("target/create", &json!({ "plan": plan }), Form::Json)?;
    let made: Made = serde_json::from_slice(&made)?;
    Ok(made.version)
}

fn decoded(bytes: &[u8]) -> Result<OpenGrid, Failure> {
    let mut joining = Joining::new(|front| postcard::from_bytes(front).ok());
    joining.push(bytes)?;
    joining.finish()?.ok_or_else(|| "there is no plan".into())
}

/// What it takes until a grid is open: the answer, and reading it.
fn opened(caller: &mut Caller, version: VersionId) -> Result<(OpenGrid, f64, f64), Failure> {
    let start = Instant::now();
    let bytes = caller.ask("split/open", &json!({ "version": version }), Form::Packed)?;
    let answered = start.elapsed();
    let open = decoded(&bytes)?;
    let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
    Ok((open, ms(answered), ms(start.elapsed())))
}

fn small(mut first: Caller, address: &str, password: &str, database: &str) -> Result<Value, Failure> {
    let version = plan(&mut first)?;
    let (mut answers, mut openings, mut nodes, mut periods) = (Vec::new(), Vec::new(), 0, 0);
    for _ in 0..OPENED {
        let (open, answered, ready) = opened(&mut first, version)?;
        (nodes, periods) = (open.grid.shape().len(), open.grid.shape().periods().len());
        answers.push(answered);
        openings.push(ready);
    }
    let mut alone = Planner::begin(first, version, 0)?;
    let mut changes = Vec::new();
    for _ in 0..CHANGES {
        changes.push(alone.change()?);
    }
    let before = alone.head;
    let began = Instant::now();
    let planners = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..PLANNERS)
            .map(|number| {
                scope.spawn(move || -> Result<Planner, Failure> {
                    let caller = Caller::signed_in(address, &email(number), password)?;
                    let mut planner = Planner::begin(caller, version, number)?;
                    planner.work(TOGETHER, A_SECOND)?;
                    Ok(planner)
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|_| Err("a planner ended unexpectedly".into()))
            })
            .collect::<Result<Vec<_>, _>>()
    })?;
    let took = began.elapsed();
    let (mut asked, mut done, mut times, mut equal) = (0, 0, Vec::new(), true);
    let mut grids = Vec::new();
    for mut planner in planners {
        planner.catch_up()?;
        asked += planner.asked;
        done += planner.done;
        times.append(&mut planner.times);
        grids.push((planner.head, planner.grid));
    }
    alone.catch_up()?;
    let (fresh, _, _) = opened(&mut alone.caller, version)?;
    for (head, grid) in &grids {
        equal &= *head == fresh.head && *grid == fresh.grid;
    }
    equal &= alone.grid == fresh.grid;
    Ok(json!({
        "nodes": nodes,
        "periods": periods,
        "answer_ms": answers,
        "open_ms": openings,
        "change_ms": changes,
        "together": {
            "asked": asked,
            "done": done,
            "logged": fresh.head - before,
            "equal": equal,
            "sound": sound(database, version)?,
            "seconds": took.as_secs_f64(),
            "change_ms": times,
        },
    }))
}

/// Whether the log of a version leads to what there is.
fn sound(database: &str, version: VersionId) -> Result<bool, Failure> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let operations = Operations::new(Database::open(database).await?);
        let scope = operations
            .system_scope("bench")
            .await
            .map_err(|error| format!("{error:?}"))?;
        let verdict = operations
            .verify(&scope, version)
            .await
            .map_err(|error| format!("{error:?}"))?;
        Ok(matches!(verdict, Verdict::Sound { .. }))
    })
}

/// A plan in which everybody's number was set by hand, so that none follows from another.
fn large(mut caller: Caller) -> Result<Value, Failure> {
    let version = plan(&mut caller)?;
    let (open, _, _) = opened(&mut caller, version)?;
    let shape = open.grid.shape();
    let (mut head, mut chance) = (open.head, 7_u64);
    let teams = shape.nodes().filter(|node| {
        shape
            .children(*node)
            .next()
            .is_some_and(|child| shape.is_leaf(child))
    });
    for team in teams {
        let amounts: Vec<Entered> = shape
            .children(team)
            .map(|node| {
                chance = chance
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let part = 50 + i64::try_from((chance >> 33) % 100_000).unwrap_or_default();
                Entered {
                    node,
                    period: None,
                    amount: Minor(open.grid.amount(node, None).0 / 50_000 * part),
                }
            })
            .collect();
        let command = PlanCommand::Enter {
            amounts,
            gives: GiveWay::Above,
            reason: None,
        };
        let applied = planner::send(&mut caller, version, head, &command)?;
        if !applied.is_done() {
            return Err(format!("amounts were not taken: {:?}", applied.refused).into());
        }
        head = applied.head;
    }
    let question = json!({ "version": version });
    let sent = caller.ask("split/open", &question, Form::Compressed)?;
    let plain = caller.ask("split/open", &question, Form::Packed)?;
    let size = plain.len();
    let open = decoded(&plain)?;
    let root = NodeIndex(0);
    let stepped = planner::step_back(&mut caller, version, &open)?;
    Ok(json!({
        "version": version,
        "nodes": open.grid.shape().len(),
        "periods": open.grid.shape().periods().len(),
        "total": open.grid.amount(root, None),
        "sent": sent.len(),
        "plain": size,
        "stepped": stepped,
        "held": open.memory_bytes(),
    }))
}
