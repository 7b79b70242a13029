//! The machine of a row, twice: with concrete types, and with all data `dynamic`.

/// A machine that handles the event `evaluate` with `$part`, and has further transitions.
macro_rules! machine {
    ($module:ident, { $($part:tt)* } $(, $more:tt)*) => {
        csml_rt::csml!({
            "name": "expression",
            "version": "2.0",
            "memoryMode": "distributed",
            "stateMachines": [{
                "name": "calculator",
                "localData": [
                    { "name": "credit", "value": "250" },
                    { "name": "price", "value": "300" },
                    { "name": "sold", "value": "7" },
                    { "name": "count", "value": "0" },
                    { "name": "mean", "value": "20.0" },
                    { "name": "goal", "value": "21.0" },
                    { "name": "place", "value": "'kitchen'" },
                    { "name": "label", "value": "''" },
                    { "name": "history", "value": "[1, 5, 2, 8, 3, 9, 0, 7]" },
                    { "name": "total", "value": "0" },
                    { "name": "stock", "value": "{'apple': 7, 'pear': 12, 'plum': 7, 'fig': 0}" }
                ],
                "states": [{
                    "name": "ready",
                    "initial": true,
                    "on": [{ "event": "evaluate", "channel": "peripheral", $($part)* } $(, $more)*]
                }]
            }]
        }, mod = $module, app = false);
    };
}

/// The machine, and one whose event `forget` gives every variable and the datum a second type.
macro_rules! machines {
    ($datum:literal, { $($part:tt)* }) => {
        $crate::expressions::machines::machine!(typed, { $($part)* });
        $crate::expressions::machines::machine!(untyped, { $($part)* }, {
            "event": "forget",
            "channel": "peripheral",
            "actions": [
                { "type": "assign", "variable": "credit", "value": "'unknown'" },
                { "type": "assign", "variable": "price", "value": "'unknown'" },
                { "type": "assign", "variable": "sold", "value": "'unknown'" },
                { "type": "assign", "variable": "count", "value": "'unknown'" },
                { "type": "assign", "variable": "mean", "value": "'unknown'" },
                { "type": "assign", "variable": "goal", "value": "'unknown'" },
                { "type": "assign", "variable": "place", "value": "0" },
                { "type": "assign", "variable": "label", "value": "0" },
                { "type": "assign", "variable": "history", "value": "'unknown'" },
                { "type": "assign", "variable": "total", "value": "'unknown'" },
                { "type": "assign", "variable": "stock", "value": "'unknown'" },
                {
                    "type": "raiseEvent",
                    "event": {
                        "name": "evaluate",
                        "channel": "internal",
                        "data": [{ "name": $datum, "value": "credit" }]
                    }
                }
            ]
        });
    };
}

/// Makes a row of an expression, with its machines.
macro_rules! row {
    ($name:literal, guard $source:literal, $($rest:tt)*) => {
        $crate::expressions::machines::row!(
            @ $name, $source, Kind::Guard, { "guards": [$source] }, $($rest)*
        )
    };
    ($name:literal, assign $variable:literal $source:literal, $($rest:tt)*) => {
        $crate::expressions::machines::row!(
            @ $name, $source, Kind::Assign($variable),
            { "actions": [{ "type": "assign", "variable": $variable, "value": $source }] },
            $($rest)*
        )
    };
    (
        @ $name:literal, $source:literal, $kind:expr, $part:tt, $datum:literal = $input:expr,
        rhai $rhai:literal, cel $cel:expr, by hand $step:path
    ) => {{
        #[expect(deprecated, reason = "the compiler warns of what is `dynamic` or never read, and both are here")]
        mod compiled {
            $crate::expressions::machines::machines!($datum, $part);
        }
        Row {
            name: $name,
            source: $source,
            kind: $kind,
            datum: $datum,
            input: $input,
            rhai: $rhai,
            cel: $cel,
            start: contestants::start::<compiled::typed::Machines>,
            generated: contestants::generated::<compiled::typed::Machines>,
            untyped: contestants::generated::<compiled::untyped::Machines>,
            by_hand: |row| contestants::by_hand(row, $step),
        }
    }};
}

pub(super) use {machine, machines, row};
