use std::sync::Arc;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::calendar::Day;
use crate::id::{MemberId, UnitId};
use crate::plan::{
    BasisWeights, Constraint, ConstraintDelta, Deltas, Grid, NodeRef, NodeSpec, PeriodIndex, PlanPeriod,
};

/// A small reproducible source of choices.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    /// An id as the server makes them: the moment, then chance (version 7).
    fn id(&mut self) -> Uuid {
        let chance = (0..3).fold(0_u128, |all, _| (all << 31) | u128::from(self.roll(1 << 31)));
        let random = chance & ((1 << 74) - 1);
        let moment = 0x0198_0000_0000_u128 + u128::from(self.roll(60_000));
        let (high, low) = (random >> 62, random & ((1 << 62) - 1));
        Uuid::from_u128((moment << 80) | (7 << 76) | (high << 64) | (2 << 62) | low)
    }
}

const SURNAMES: [&str; 20] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何",
    "高", "林", "罗",
];
const GIVEN: [&str; 24] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超",
    "秀", "霞", "平", "刚", "桂", "晨", "雨",
];

/// A company of regions with branches with teams with people, over some periods: everybody's amounts follow one season, and a
/// fifth of them was changed by hand; four bases, last year's amounts, and a plan on record that some are not part of.
fn company(members: usize, periods: usize) -> OpenGrid {
    let mut dice = Dice(7);
    let mut nodes: Vec<NodeSpec> = Vec::with_capacity(members + members / 8);
    let mut levels = Vec::new();
    let (mut region, mut branch, mut team) = (NodeIndex(0), NodeIndex(0), NodeIndex(0));
    let mut unit = |nodes: &mut Vec<NodeSpec>,
                    dice: &mut Dice,
                    above: Option<NodeIndex>,
                    name: String,
                    level: &'static str| {
        levels.push(level);
        nodes.push(NodeSpec {
            parent: above,
            reference: if level == "member" {
                NodeRef::Member(MemberId(dice.id()))
            } else {
                NodeRef::Unit(UnitId(dice.id()))
            },
            name,
        });
        NodeIndex(nodes.len() as u32 - 1)
    };
    unit(&mut nodes, &mut dice, None, "达成集团".to_owned(), "company");
    for member in 0..members {
        if member % 10_000 == 0 {
            region = unit(
                &mut nodes,
                &mut dice,
                Some(NodeIndex(0)),
                format!("大区 {member}"),
                "region",
            );
        }
        if member % 1_000 == 0 {
            branch = unit(
                &mut nodes,
                &mut dice,
                Some(region),
                format!("分公司 {member}"),
                "branch",
            );
        }
        if member % 10 == 0 {
            team = unit(
                &mut nodes,
                &mut dice,
                Some(branch),
                format!("销售 {} 组", member / 10),
                "team",
            );
        }
        let mut name = SURNAMES[dice.roll(20) as usize].to_owned();
        for _ in 0..=dice.roll(2) {
            name.push_str(GIVEN[dice.roll(24) as usize]);
        }
        unit(&mut nodes, &mut dice, Some(team), name, "member");
    }
    let period = |at: i32| PlanPeriod {
        starts_on: Day(20_000 + 30 * at),
        ends_on: Day(20_030 + 30 * at),
    };
    let shape = Arc::new(Shape::new(nodes, (0..periods as i32).map(period).collect()).unwrap());
    let seasons: Vec<i64> = (0..periods).map(|_| 60 + dice.roll(80) as i64).collect();
    let usual: Vec<i64> = shape
        .nodes()
        .map(|_| 1_000 + (dice.roll(3_000) * dice.roll(3_000)) as i64)
        .collect();
    let leaf = |node: NodeIndex, period: PeriodIndex| {
        let usual = usual[node.0 as usize] * seasons[usize::from(period.0)];
        let by_hand = dice.roll(5) == 0;
        Minor(if by_hand {
            usual * (80 + dice.roll(41) as i64) / 100
        } else {
            usual
        })
    };
    let grid = Grid::from_leaves(Arc::clone(&shape), leaf).unwrap();
    let start: Vec<Minor> = shape.nodes().map(|node| grid.amount(node, None)).collect();
    let mut dice = Dice(11);
    let history = start
        .iter()
        .map(|start| Some(Minor(start.0 / 11 * (9 + dice.roll(3) as i64))))
        .collect();
    let record = start
        .iter()
        .map(|start| (dice.roll(4) > 0).then_some(*start))
        .collect();
    let bases =
        [Basis::History, Basis::Capability, Basis::Customers, Basis::Equal].map(|basis| BasisWeights {
            basis,
            share_ppm: 250_000,
            weights: shape
                .nodes()
                .skip(1)
                .map(|node| match basis {
                    _ if !shape.is_leaf(node) => 0,
                    Basis::Equal => 1,
                    _ => 1 + dice.roll(1 << 27),
                })
                .collect(),
        });
    let ranks = (0..levels.len()).map(|_| dice.roll(10) as u32).collect();
    OpenGrid {
        plan: PlanId::default(),
        plan_name: "2026".to_owned(),
        version: VersionId::default(),
        number: 1,
        status: VersionStatus::Draft,
        metric: "bookings".to_owned(),
        currency: Currency::from_code("CNY").unwrap(),
        periods: Vec::new(),
        quarters: {
            let fiscal = crate::calendar::Fiscal::new(4).unwrap();
            let year = fiscal.named("2026").unwrap();
            let months = fiscal.periods(crate::calendar::PeriodKind::Month, year.start, year.end);
            crate::split::quarters(fiscal, &months)
        },
        grid,
        offset: 0,
        roots: Vec::new(),
        ranks,
        levels: levels.into_iter().collect(),
        head: 0,
        start,
        history,
        record,
        bases: bases.to_vec(),
        in_force: InForce::default(),
        seasons: Vec::new(),
        me: UserId::default(),
        review: Review::NotNeeded,
        may_edit: true,
        own: Vec::new(),
        undoable: Stacks::default(),
        people: BTreeMap::new(),
        news: None,
    }
}

/// Ten people with a lock, a floor and extreme amounts.
fn small() -> OpenGrid {
    let mut open = company(10, 3);
    let mut held = Deltas::default();
    for (node, period, new) in [
        (
            NodeIndex(4),
            None,
            Constraint {
                lock: Some(UserId(Uuid::from_u128(9))),
                ..Constraint::default()
            },
        ),
        (
            NodeIndex(5),
            Some(PeriodIndex(1)),
            Constraint {
                floor: Some(Minor(1)),
                ..Constraint::default()
            },
        ),
    ] {
        held.constraints.push(ConstraintDelta {
            node,
            period,
            old: Constraint::default(),
            new,
        });
    }
    open.grid.fold(&held).unwrap();
    open.start[2] = Minor(i64::MAX);
    open.history = vec![None; open.history.len()];
    open.record[3] = Some(Minor(i64::MIN));
    open
}

/// As the app writes the front with a codec of its own.
fn front(open: &OpenGrid) -> Vec<u8> {
    serde_json::to_vec(&open.front(5)).unwrap()
}

fn joined(bytes: &[u8], piece: usize) -> Result<Option<OpenGrid>, ColumnsError> {
    let mut joining = Joining::new(|front| serde_json::from_slice(front).ok());
    for piece in bytes.chunks(piece) {
        joining.push(piece)?;
    }
    joining.finish()
}

/// The whole stream, in branches of at most so many rows.
fn stream(open: &OpenGrid, most: u32) -> Vec<u8> {
    let branches = branches(open.grid.shape(), most);
    let frames = open.clone().into_frames_of(&front(open), branches);
    frames.flatten().collect()
}

#[test]
fn columns_arrive_as_they_left() {
    let open = company(1_234, 16);
    let frames: Vec<u8> = open.clone().into_frames(&front(&open)).flatten().collect();
    assert_eq!(joined(&frames, 1_000), Ok(Some(open)));
    assert_eq!(joined(&OpenGrid::no_frames(), 1), Ok(None));
}

/// What the whole has more of than rows, as the weights of a part have, arrives too.
#[test]
fn columns_of_a_part_arrive_with_the_weights_of_the_whole() {
    let mut open = small();
    open.grid = open.grid.part(NodeIndex(2)).unwrap();
    let rows = open.grid.shape().len();
    open.levels.of.truncate(rows);
    for column in [&mut open.history, &mut open.record] {
        column.truncate(rows);
    }
    open.ranks.truncate(rows);
    open.start.truncate(rows);
    assert!(open.bases[0].weights.len() > rows);
    assert_eq!(joined(&stream(&open, 3), 50), Ok(Some(open)));
}

#[test]
fn the_first_rows_are_there_before_the_others_and_the_others_are_counted() {
    let open = company(300, 2);
    let all = open.grid.shape().len();
    let frames: Vec<Vec<u8>> = open
        .clone()
        .into_frames_of(&front(&open), branches(open.grid.shape(), 100))
        .collect();
    let mut joining = Joining::new(|front| serde_json::from_slice(front).ok());
    assert!(joining.opening().is_none() && joining.rows().is_none());
    joining.push(&frames[0]).unwrap();
    assert_eq!(joining.opening(), Some(&open.opening(5)));
    assert_eq!(joining.rows(), Some((0, all)));
    joining.push(&frames[1]).unwrap();
    let (come, of) = joining.rows().unwrap();
    assert!(0 < come && come < all && of == all);
    assert!(joining.finish().is_err(), "half a grid is none");
}

#[test]
fn branches_begin_where_a_unit_does() {
    let open = company(4_000, 1);
    let shape = open.grid.shape();
    let branches = branches(shape, 1_500);
    assert_eq!(branches.last().map(|rows| rows.end as usize), Some(shape.len()));
    assert!(branches.iter().all(|rows| rows.len() <= 1_500));
    assert!(branches.windows(2).all(|pair| pair[0].end == pair[1].start));
    // The company and its region are above the branches of a thousand people with their hundred teams.
    assert!(
        branches[1..]
            .iter()
            .all(|rows| shape.depth(NodeIndex(rows.start)) == 2)
    );
}

#[test]
fn names_of_people_beyond_the_first_page_come_later() {
    let open = company(6_000, 1);
    let mut read = joined(&stream(&open, BRANCH_ROWS), 1 << 16).unwrap().unwrap();
    let shape = open.grid.shape();
    for node in shape.nodes() {
        let travels = (node.0 as usize) < NAMES_PAGE || !shape.reference(node).is_member();
        let name = if travels { shape.name(node) } else { "" };
        assert_eq!(read.grid.shape().name(node), name);
    }
    let names: Vec<String> = shape.nodes().map(|node| shape.name(node).to_owned()).collect();
    read.grid
        .name_rows(NodeIndex(NAMES_PAGE as u32), &names[NAMES_PAGE..]);
    assert_eq!(read, open);
}

/// The bar of the design: 100,000 rows in 16 periods are at most 8 MB on the wire and 64 MB in the tab, where what has come of a
/// branch lies beside what is made of it for a moment; here all of it is counted.
#[test]
fn a_hundred_thousand_rows_are_small_enough() {
    let open = company(100_000, 16);
    let bytes = stream(&open, BRANCH_ROWS);
    // As the server's compression writes what it makes anew.
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 4,
        ..Default::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut bytes.as_slice(), &mut packed, &parameters).unwrap();
    assert!(packed.len() <= 8_000_000, "{} bytes on the wire", packed.len());
    let read = joined(&bytes, 1 << 16).unwrap().unwrap();
    let held = read.memory_bytes() + bytes.len();
    assert!(held <= 64_000_000, "{held} bytes in the tab");
    let same = |period| read.grid.column(period) == open.grid.column(period);
    assert!(open.grid.periods().all(same));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_branches_in_any_pieces_join_to_the_same_grid(most in 1_u32..40, piece in 1_usize..3_000) {
        let open = small();
        prop_assert_eq!(joined(&stream(&open, most), piece), Ok(Some(open)));
    }

    #[test]
    fn what_is_cut_off_or_damaged_is_refused(place in any::<prop::sample::Index>(), flip in 1_u8..=255, most in 1_u32..20) {
        let open = small();
        let whole = stream(&open, most);
        let place = place.index(whole.len());
        prop_assert!(joined(&whole[..place], 64).is_err(), "bytes that end early");
        let mut bytes = whole.clone();
        bytes[place] ^= flip;
        prop_assert!(joined(&bytes, 64).is_err(), "a wrong byte");
        let mut longer = whole;
        longer.push(flip);
        prop_assert!(joined(&longer, 64).is_err(), "bytes that run on");
    }

    #[test]
    fn a_frame_that_is_lost_or_doubled_is_refused(at in any::<prop::sample::Index>()) {
        let open = small();
        let frames: Vec<Vec<u8>> = open.clone().into_frames_of(&front(&open), branches(open.grid.shape(), 4)).collect();
        let at = at.index(frames.len());
        let mut lost = frames.clone();
        lost.remove(at);
        prop_assert!(joined(&lost.concat(), 64).is_err());
        let mut doubled = frames.clone();
        doubled.insert(at, frames[at].clone());
        prop_assert!(joined(&doubled.concat(), 64).is_err());
    }
}
