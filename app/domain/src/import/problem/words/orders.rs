//! What is wrong with orders.

use crate::format::Lang;
use crate::import::Reason;

pub(super) fn reason(reason: &Reason, lang: Lang) -> String {
    let fixed = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
    match reason {
        Reason::HeaderDiffers { first_row, first } => lang.pick(
            format!("同一订单的第 {first_row} 行写的是“{first}”，须一致"),
            format!("row {first_row} of the same order says \"{first}\": they must agree"),
        ),
        Reason::AmountsDisagree { sum, gross } => lang.pick(
            format!("未税金额、税额与其他费用合计 {sum}，价税合计却是 {gross}"),
            format!("net amount, tax and other charges come to {sum}, the gross amount is {gross}"),
        ),
        Reason::GrossBelowNet { net, gross } => lang.pick(
            format!("价税合计 {gross} 小于未税金额 {net}，或正负相反"),
            format!("the gross amount {gross} is below the net amount {net}, or of the other sign"),
        ),
        Reason::NoOrderAmount => fixed(
            "订单没有金额：未税金额、价税合计、明细金额至少填一项",
            "an order without an amount: give a net, a gross or a line amount",
        ),
        Reason::NoCountedAmount { amount } => lang.pick(
            format!("本组织按{}计业绩，这张订单没有这个金额", amount.label(lang)),
            format!(
                "bookings count the {} here, which this order does not have",
                amount.label(lang).to_lowercase()
            ),
        ),
        Reason::OrderRefused { row } => lang.pick(
            format!("同一订单的第 {row} 行有问题，整张订单没有导入"),
            format!("row {row} of the same order is wrong, so the order as a whole is left out"),
        ),
        Reason::TooManyLines { limit } => lang.pick(
            format!("一张订单超过 {limit} 行"),
            format!("an order of more than {limit} lines"),
        ),
        _ => String::new(),
    }
}
