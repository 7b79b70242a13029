//! Access control of a real mosquitto: which clients may connect, and the messages for those that may not.
#![expect(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{Peer, broker, in_runtime, message, session};
use csml_rt::transport::mqtt::{MqttOptions, Secret, Version};
use csml_tests_brokers::mosquitto::{Config, Mosquitto};
use csml_tests_brokers::{Certificates, find_program};

const VERSIONS: [Version; 2] = [Version::V5, Version::V3];

#[test]
fn a_wrong_password_is_final_and_not_repeated() {
    let users = vec![("alice".to_owned(), "swordfish".to_owned())];
    let Some(broker) = broker(&Config { users, ..Config::default() }) else { return };
    in_runtime(async {
        for version in VERSIONS {
            let options = |password: &str| {
                let url = broker.url().replace("mqtt://", "mqtt://alice@");
                MqttOptions::parse(&url).unwrap().version(version).password(Secret::new(password))
            };
            let right = options("swordfish");
            assert!(!format!("{right:?}").contains("swordfish"));
            let mut peer = Peer::open(right, session("peer", &["x"]));
            peer.up().await;
            peer.leave().await;

            let reason = Peer::open(options("herring"), session("peer", &["x"])).failed().await;
            assert!(reason.contains("check") && reason.contains("password"), "{reason}");
            assert!(!reason.contains("herring"), "{reason}");
        }
    });
}

#[test]
fn a_publish_that_is_not_authorised_is_reported() {
    let acl = Some("topic readwrite mine/#\n".to_owned());
    let Some(broker) = broker(&Config { acl, ..Config::default() }) else { return };
    in_runtime(async {
        let mut peer = Peer::open(MqttOptions::parse(&broker.url()).unwrap(), session("peer", &["mine/#"]));
        peer.up().await;
        peer.send(message("theirs/x", "1"));
        let reason = peer.rejected().await;
        assert!(reason.contains("access control"), "{reason}");
        peer.send(message("mine/x", "2"));
        assert_eq!(peer.text().await, "2");
        peer.leave().await;
    });
}

/// An access control that rejects subscriptions; mosquitto's files of rules cannot.
fn rejects_subscriptions() -> Option<Mosquitto> {
    const RULES: &str = r#"{"defaultACLAccess": {"publishClientSend": true, "publishClientReceive": true,
        "subscribe": false, "unsubscribe": true}, "clients": [], "groups": [], "roles": []}"#;
    let plugin = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib"]
        .map(|folder| std::path::Path::new(folder).join("mosquitto_dynamic_security.so"))
        .into_iter()
        .find(|file| file.is_file());
    let (Some(plugin), Some(_)) = (plugin, find_program("mosquitto")) else {
        eprintln!("skipped: mosquitto with its plugin for dynamic security is not installed");
        return None;
    };
    let rules = csml_tests_brokers::Folder::new("csml-rules").unwrap();
    let file = rules.write("rules.json", RULES).unwrap();
    let further = format!("plugin {}\nplugin_opt_config_file {}\n", plugin.display(), file.display());
    // The broker reads its rules at its start only.
    broker(&Config { further, ..Config::default() })
}

#[test]
fn a_rejected_subscription_is_final() {
    let Some(broker) = rejects_subscriptions() else { return };
    in_runtime(async {
        for version in VERSIONS {
            let options = MqttOptions::parse(&broker.url()).unwrap().version(version);
            let reason = Peer::open(options, session("peer", &["a/#"])).failed().await;
            assert!(reason.contains("the broker rejects the subscription `a/#`"), "{version:?}: {reason}");
        }
    });
}

#[test]
fn tls_checks_both_sides() {
    let certificates = Certificates::new("alice").unwrap();
    let strangers = Certificates::new("mallory").unwrap();
    let tls = Some(certificates.clone());
    let config = Config { tls, client_certificates: true, ..Config::default() };
    let Some(broker) = broker(&config) else { return };
    in_runtime(async {
        for version in VERSIONS {
            let url = |host: &str| format!("mqtts://{host}:{}", broker.port());
            let options = |host: &str, authority: &Certificates| {
                let options = MqttOptions::parse(&url(host)).unwrap().version(version);
                options.ca_file(authority.authority()).unwrap()
            };
            let (chain, key) = certificates.client();
            for host in ["127.0.0.1", "localhost"] {
                let options = options(host, &certificates).client_certificate(&chain, &key).unwrap();
                let mut peer = Peer::open(options, session("peer", &["t"]));
                peer.up().await;
                peer.send(message("t", "hello"));
                assert_eq!(peer.text().await, "hello");
                peer.leave().await;
            }

            let stranger = options("localhost", &strangers).client_certificate(&chain, &key).unwrap();
            let reason = Peer::open(stranger, session("peer", &["t"])).failed().await;
            assert!(reason.contains("the broker's certificate is rejected"), "{reason}");

            let renamed = options("localhost", &certificates).client_certificate(&chain, &key).unwrap();
            let renamed = renamed.server_name("elsewhere").unwrap();
            let reason = Peer::open(renamed, session("peer", &["t"])).failed().await;
            assert!(reason.contains("the broker's certificate is rejected"), "{reason}");

            let anonymous = options("localhost", &certificates);
            let reason = Peer::open(anonymous, session("peer", &["t"])).failed().await;
            assert!(reason.contains("check the client certificate"), "{version:?}: {reason}");

            let (chain, key) = strangers.client();
            let mallory = options("localhost", &certificates).client_certificate(chain, key).unwrap();
            let reason = Peer::open(mallory, session("peer", &["t"])).failed().await;
            assert!(reason.contains("check the client certificate"), "{version:?}: {reason}");
        }
    });
}

#[test]
fn an_unknown_host_is_named() {
    in_runtime(async {
        let options = MqttOptions::parse("mqtt://nobody.invalid").unwrap();
        let mut peer = Peer::open(options, session("peer", &["x"]));
        let reason = peer.down().await;
        assert!(reason.starts_with("mqtt://nobody.invalid:1883: unknown host"), "{reason}");
        peer.leave().await;
    });
}
