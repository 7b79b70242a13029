//! The options about other processes.

use csml_rt_core::Machines;

use super::args::Args;
use crate::Builder;

/// Sets up the connection to other processes, if one is asked for.
#[cfg(feature = "mqtt")]
pub(super) fn connect<A: Machines>(builder: Builder<A>, args: &Args) -> Result<Builder<A>, String> {
    use crate::transport::mqtt::{MqttOptions, Secret};
    use crate::wire::{Encoding, WireOptions};
    use crate::{Backpressure, TransportOptions};

    let Some(url) = &args.mqtt else {
        return unused(builder, args);
    };
    let wrong = |option: &'static str| move |error| format!("{option}: {error}");
    let mut options = MqttOptions::parse(url).map_err(wrong("--mqtt"))?;
    if let Some(file) = &args.mqtt_password_file {
        options = options.password_from_file(file).map_err(wrong("--mqtt-password-file"))?;
    } else if let Some(password) = &args.mqtt_password {
        options = options.password(Secret::new(password.clone()));
    }
    if let Some(file) = &args.mqtt_ca {
        options = options.ca_file(file).map_err(wrong("--mqtt-ca"))?;
    }
    match (&args.mqtt_cert, &args.mqtt_key) {
        (Some(chain), Some(key)) => {
            options = options.client_certificate(chain, key).map_err(wrong("--mqtt-cert"))?;
        }
        (None, None) => {}
        _ => return Err("--mqtt-cert and --mqtt-key belong together: give both or none".to_owned()),
    }
    let encoding = match args.encoding.as_deref() {
        Some("cbor") => Encoding::Cbor,
        _ => Encoding::Json,
    };
    let backpressure = match args.backpressure.as_deref() {
        Some("reject") => Backpressure::Reject,
        _ => Backpressure::Block,
    };
    let wire = WireOptions { encoding, ..WireOptions::default() };
    let transport = TransportOptions { backpressure, wire, ..TransportOptions::default() };
    Ok(builder.transport(options.transport(), transport))
}

#[cfg(not(feature = "mqtt"))]
pub(super) fn connect<A: Machines>(builder: Builder<A>, args: &Args) -> Result<Builder<A>, String> {
    if args.mqtt.is_some() {
        return Err("--mqtt: this program is built without MQTT: `csmlc build` and `csmlc run` add it with \
                    `--with mqtt`"
            .to_owned());
    }
    unused(builder, args)
}

/// Options that mean nothing without a broker are mistakes.
fn unused<A: Machines>(builder: Builder<A>, args: &Args) -> Result<Builder<A>, String> {
    let given = [
        ("--mqtt-password-file", args.mqtt_password_file.is_some()),
        ("--mqtt-ca", args.mqtt_ca.is_some()),
        ("--mqtt-cert", args.mqtt_cert.is_some()),
        ("--mqtt-key", args.mqtt_key.is_some()),
        ("--encoding", args.encoding.is_some()),
        ("--backpressure", args.backpressure.is_some()),
    ];
    match given.iter().find(|(_, given)| *given) {
        Some((option, _)) => Err(format!("{option} needs --mqtt")),
        None => Ok(builder),
    }
}
