//! A lock or bound that a step back or forth would put back, and that somebody changed since: who, where, and to what exactly.

use domain::format::{self, Lang};
use domain::money::{Currency, Minor};
use domain::plan::{HeldSince, Intent};

use crate::plan::state::{self, State, damaged};
use crate::split::change::Change;
use crate::split::{me, people};
use crate::{Error, Scope};

/// Why the step is not taken.
pub(super) async fn refusal(session: &Change, scope: &Scope, intent: Intent) -> Result<Error, Error> {
    let held = session.log.held_since(me(scope), intent, &session.state.grid);
    let held = held.ok_or_else(|| damaged("a lock or bound that nobody changed"))?;
    let names = people(session.writer(), &state::all(scope), [held.by]).await?;
    let by = names.get(&held.by).map_or("", String::as_str);
    let currency = store::organization::get(session.writer(), scope).await?.currency;
    let words = |lang: Lang| words(&session.state, held, by, &currency, lang);
    Ok(Error::conflict(
        "constraint_changed",
        words(Lang::ZhCn),
        words(Lang::En),
    ))
}

fn words(state: &State, held: HeldSince, by: &str, currency: &Currency, lang: Lang) -> String {
    let name = state.node(held.node).map_or("", |node| node.name.as_str());
    let period = held.period;
    let period = period.and_then(|period| state.plan.periods.get(usize::from(period.0)));
    let place = match period {
        Some(period) => format!("{name} · {}", format::period(period, lang)),
        None => name.to_owned(),
    };
    let by = if by.is_empty() {
        lang.pick("有人", "somebody")
    } else {
        by
    };
    let (left, now) = (held.left, held.now);
    let money = |amount: Minor| format::currency_words(amount, currency, lang);
    let mut did: Vec<String> = Vec::new();
    if left.lock != now.lock {
        let text = if now.lock.is_some() {
            lang.pick("锁定了这一行", "locked it")
        } else {
            lang.pick("解除了锁定", "unlocked it")
        };
        did.push(text.to_owned());
    }
    if left.floor != now.floor {
        did.push(match now.floor {
            Some(floor) => {
                let floor = money(floor);
                lang.pick(format!("把下限设为 {floor}"), format!("set its floor to {floor}"))
            }
            None => lang.pick("取消了下限", "taken its floor away").to_owned(),
        });
    }
    if left.cap != now.cap {
        did.push(match now.cap {
            Some(cap) => {
                let cap = money(cap);
                lang.pick(format!("把上限设为 {cap}"), format!("set its cap to {cap}"))
            }
            None => lang.pick("取消了上限", "taken its cap away").to_owned(),
        });
    }
    let did = did.join(lang.pick("、", " and "));
    match lang {
        Lang::ZhCn => format!("“{place}”：{by} 之后{did}。可以保留别人的改动，只撤销或重做其余部分。"),
        Lang::En => {
            format!("{place}: {by} has since {did}. Theirs can stay, and all else of the step be done.")
        }
    }
}
