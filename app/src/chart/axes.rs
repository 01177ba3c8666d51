//! The frame that charts of money over named things share, made on the server.

use charming::Chart;
use charming::component::{Axis, Grid};
use charming::element::{AxisLabel, AxisType, Formatter, Tooltip, Trigger};

/// A chart with names along the bottom and money up the side, told on a touch. `top`: pixels left above, for a legend.
pub(crate) fn money_by_name(names: Vec<String>, trigger: Trigger, top: i32) -> Chart {
    Chart::new()
        .grid(Grid::new().left(64).right(12).top(top).bottom(24))
        .tooltip(
            Tooltip::new()
                .trigger(trigger)
                .value_formatter(Formatter::from("@money")),
        )
        .x_axis(Axis::new().type_(AxisType::Category).data(names))
        .y_axis(
            Axis::new()
                .type_(AxisType::Value)
                .split_number(3)
                .axis_label(AxisLabel::new().formatter(Formatter::from("@money"))),
        )
}
