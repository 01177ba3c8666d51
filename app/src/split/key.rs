//! Keys of changes: a change that is sent again, because its answer was lost, is known by its key and not done twice.

use domain::id::CommandId;

/// A key of its own. The browser's cryptography is not there on every page (it wants HTTPS), and a key only has to differ from the
/// others of one plan.
#[cfg(feature = "hydrate")]
pub(crate) fn new_key() -> CommandId {
    let chance = || (js_sys::Math::random() * 4_294_967_296.0) as u32;
    let bits = (0..4).fold(0_u128, |bits, _| (bits << 32) | u128::from(chance()));
    CommandId(uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid())
}

/// The server's twin: changes are made in the browser only.
#[cfg(not(feature = "hydrate"))]
pub(crate) fn new_key() -> CommandId {
    CommandId::default()
}
