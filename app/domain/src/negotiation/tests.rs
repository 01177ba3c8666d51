use super::*;
use crate::format::Lang;
use Side::{Carrier, Plan};

const NUMBER: Minor = Minor(100);

fn propose(amount: i64) -> Move {
    Move::new(MoveKind::Propose, Some(Minor(amount)), None).unwrap()
}

fn counter(amount: i64) -> Move {
    Move::new(MoveKind::Counter, Some(Minor(amount)), None).unwrap()
}

fn plain(kind: MoveKind) -> Move {
    Move::new(kind, None, Some("y".to_owned())).unwrap()
}

fn begun(amount: i64) -> Standing {
    Standing::begin(Carrier, NUMBER, &propose(amount)).unwrap()
}

#[test]
fn a_proposal_is_answered_and_agreed_on() {
    let standing = begun(80);
    assert_eq!(standing.to_move(), Some(Plan));
    let standing = standing.then(Plan, &counter(90), 1).unwrap();
    assert_eq!((standing.to_move(), standing.amount), (Some(Carrier), Minor(90)));
    let agreed = standing.then(Carrier, &plain(MoveKind::Agree), 1).unwrap();
    assert_eq!(
        (agreed.status, agreed.amount, agreed.to_move()),
        (Status::Agreed, Minor(90), None)
    );
    assert_eq!(
        agreed.then(Plan, &counter(95), 1),
        Err(Refusal::Closed {
            status: Status::Agreed
        })
    );
    assert_eq!(agreed.expired(), agreed, "what is agreed does not expire");
}

#[test]
fn what_goes_further_up_is_what_the_carrier_asked_for() {
    let standing = begun(80).then(Plan, &counter(99), 1).unwrap();
    let up = standing.then(Carrier, &plain(MoveKind::Escalate), 1).unwrap();
    assert_eq!((up.to_move(), up.amount, up.level), (Some(Plan), Minor(80), 1));
    assert_eq!(
        up.then(Plan, &plain(MoveKind::Escalate), 1),
        Err(Refusal::NobodyAbove)
    );
    // The leader may hand it up as well; then nothing was asked twice.
    let handed = begun(80).then(Plan, &plain(MoveKind::Escalate), 1).unwrap();
    assert_eq!((handed.to_move(), handed.amount), (Some(Plan), Minor(80)));
    let offered = Standing::begin(Plan, NUMBER, &propose(120)).unwrap();
    assert_eq!(
        offered.then(Carrier, &plain(MoveKind::Escalate), 1),
        Err(Refusal::NothingAsked)
    );
}

#[test]
fn what_does_not_fit_is_refused() {
    let begin = |amount| Standing::begin(Carrier, NUMBER, &propose(amount)).err();
    assert_eq!(begin(100), Some(Refusal::SameAmount));
    assert_eq!(begin(-1), Some(Refusal::Negative));
    assert_eq!(begin(MAX_AMOUNT + 1), Some(Refusal::TooLarge));
    assert_eq!(begin(0), None);
    let standing = begun(80);
    assert_eq!(standing.then(Carrier, &counter(70), 1), Err(Refusal::NotYourTurn));
    assert_eq!(standing.then(Plan, &counter(80), 1), Err(Refusal::SameAmount));
    assert_eq!(standing.then(Plan, &propose(70), 1), Err(Refusal::Begun));
    assert_eq!(
        standing.then(Plan, &plain(MoveKind::Withdraw), 1),
        Err(Refusal::NotYours)
    );
    // Whoever began it may take it back at any time.
    let back = standing.then(Carrier, &plain(MoveKind::Withdraw), 1).unwrap();
    assert_eq!(back.status, Status::Withdrawn);
    assert_eq!(standing.expired().status, Status::Expired);
    assert_eq!(
        Move::new(MoveKind::Decline, None, None),
        Err(Refusal::WordsMissing)
    );
    assert_eq!(
        Move::new(MoveKind::Counter, None, None),
        Err(Refusal::AmountMissing)
    );
    assert_eq!(
        Move::new(MoveKind::Agree, Some(Minor(1)), None).unwrap().amount,
        None
    );
}

#[test]
fn deadlines_are_counted_in_working_days() {
    let day = |text| Day::parse_iso(text).unwrap();
    let weekdays = WorkingDays::weekdays();
    // A Thursday: Friday, and Monday to Thursday.
    assert_eq!(
        due_after(day("2026-12-10"), WORKING_DAYS, &weekdays),
        day("2026-12-17")
    );
    let china = WorkingDays::named("cn").unwrap();
    // 2026-10-01 to 10-07 are holidays, 10-10 is a Saturday that is worked.
    assert_eq!(due_after(day("2026-09-30"), 3, &china), day("2026-10-10"));
    assert_eq!(
        reminders(day("2026-10-08"), day("2026-09-20"), &china),
        [day("2026-09-30"), day("2026-10-08")]
    );
    assert_eq!(
        reminders(day("2026-12-11"), day("2026-12-10"), &weekdays),
        [day("2026-12-11")]
    );
    let today = day("2026-12-10");
    assert_eq!(on_time(today, today), Ok(()));
    assert_eq!(
        on_time(today, today.plus(1)),
        Err(Refusal::PastDue { due_on: today })
    );
    assert_eq!(check_due(today.plus(-1), today), Err(Refusal::Due));
    assert_eq!(check_due(today.plus(LONGEST_DAYS + 1), today), Err(Refusal::Due));
    assert_eq!(check_due(today, today), Ok(()));
}

#[test]
fn what_is_stored_reads_back_and_every_refusal_has_words() {
    for kind in MoveKind::ALL {
        assert_eq!(MoveKind::parse(kind.as_str()), Some(kind));
    }
    for side in [Carrier, Plan] {
        assert_eq!(Side::parse(side.as_str()), Some(side));
    }
    let mut refusals = vec![
        Refusal::NotYourTurn,
        Refusal::SameAmount,
        Refusal::Negative,
        Refusal::TooLarge,
        Refusal::AmountMissing,
        Refusal::WordsMissing,
        Refusal::PastDue { due_on: Day(20_000) },
        Refusal::Due,
        Refusal::NobodyAbove,
        Refusal::NothingAsked,
        Refusal::NotYours,
        Refusal::NotBegun,
        Refusal::Begun,
    ];
    for status in [
        Status::Open,
        Status::Agreed,
        Status::Declined,
        Status::Withdrawn,
        Status::Expired,
    ] {
        assert_eq!(Status::parse(status.as_str()), Some(status));
        refusals.push(Refusal::Closed { status });
    }
    for refusal in refusals {
        let (zh, en) = (refusal.words(Lang::ZhCn), refusal.words(Lang::En));
        assert_ne!(zh, en);
        assert!(!zh.contains(|letter: char| letter.is_ascii_alphabetic()), "{zh}");
        assert!(refusal.code().starts_with("negotiation_"));
    }
}

proptest::proptest! {
    /// Whatever is tried: one side has to move or none, what has ended stays as it is, and what is agreed on is what the other
    /// side put on the table last, or what the carrier asked for last where it went further up.
    #[test]
    fn no_moves_leave_it_unclear_who_has_to_move(
        tries in proptest::collection::vec((0_u8..2, 0_usize..6, 0_i64..6), 0..40),
        levels in 0_u8..4,
    ) {
        let mut standing = begun(3);
        let mut last = [Some(Minor(3)), None];
        for (side, kind, amount) in tries {
            let side = if side == 0 { Carrier } else { Plan };
            let kind = MoveKind::ALL[kind];
            let next = Move::new(kind, Some(Minor(amount)), Some("y".to_owned())).unwrap();
            let before = standing;
            match standing.then(side, &next, levels) {
                Err(_) => {}
                Ok(after) => {
                    proptest::prop_assert_eq!(before.status, Status::Open, "what has ended is final");
                    if kind == MoveKind::Withdraw {
                        proptest::prop_assert_eq!(side, before.opened_by);
                    } else {
                        proptest::prop_assert_eq!(before.to_move(), Some(side), "nobody moves out of turn");
                    }
                    if kind == MoveKind::Counter {
                        last[usize::from(side == Plan)] = Some(Minor(amount));
                    }
                    if kind == MoveKind::Agree {
                        let other = last[usize::from(side.other() == Plan)];
                        proptest::prop_assert_eq!(after.status, Status::Agreed);
                        proptest::prop_assert_eq!(Some(after.amount), other);
                    }
                    standing = after;
                }
            }
            proptest::prop_assert_eq!(standing.to_move().is_some(), standing.status == Status::Open);
            proptest::prop_assert!(standing.level <= levels);
        }
    }
}
