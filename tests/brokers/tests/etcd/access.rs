//! Who may get in: users, passwords, certificates.

use csml_rt::Value;
use csml_rt::store::{EtcdOptions, EtcdStore, StoreError};
use csml_tests_brokers::{Certificates, Etcd, Folder};
use etcd_client::{Permission, PermissionType};

use crate::store_contract::{Client, scope};
use crate::{operator, runtime, start};

async fn opened(options: EtcdOptions) -> Result<Client<EtcdStore>, String> {
    match Client::open(EtcdStore::new(options), scope("p")).await {
        Ok(client) => Ok(client),
        Err(StoreError::Unusable(text)) => Err(text),
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn users_and_passwords() {
    let Some(mut etcd) = start() else { return };
    let folder = Folder::new("csml-etcd-password").unwrap();
    let file = folder.write("password", "right\n").unwrap();
    let as_user =
        |user: &str| EtcdOptions::parse(&format!("etcd://{user}@127.0.0.1:{}", etcd.server.port())).unwrap();
    let (app, stranger) = (as_user("app"), as_user("stranger"));
    let nobody = EtcdOptions::parse(&etcd.address()).unwrap();
    runtime().block_on(async {
        let mut operator = operator(&etcd).await;
        for (user, password) in [("root", "root"), ("app", "right"), ("stranger", "right")] {
            operator.user_add(user, password, None).await.unwrap();
        }
        operator.role_add("app").await.unwrap();
        let all = Permission::new(PermissionType::Readwrite, "csml/test%20app/").with_prefix();
        operator.role_grant_permission("app", all.clone()).await.unwrap();
        operator.user_grant_role("app", "app").await.unwrap();
        operator.role_add("root").await.unwrap();
        operator.user_grant_role("root", "root").await.unwrap();
        operator.auth_enable().await.unwrap();

        let told = opened(app.clone()).await.err().unwrap();
        assert!(told.contains("CSML_ETCD_PASSWORD"), "{told}");
        let told = opened(app.clone().with_password("wrong")).await.err().unwrap();
        assert!(told.contains("password") && !told.contains("wrong"), "{told}");
        let told = opened(stranger.with_password("right")).await.err().unwrap();
        assert!(told.contains("permission denied") && told.contains("role"), "{told}");
        let told = opened(nobody.clone()).await.err().unwrap();
        assert!(told.contains("user"), "{told}");
        let told = opened(nobody.with_password("right")).await.err().unwrap();
        assert!(told.contains("no user"), "{told}");

        let mut client = opened(app.with_password_file(&file).unwrap()).await.unwrap();
        let seen = client.write(vec![(0, Some(Value::Int(1)))]).await;
        client.reach(seen).await;
        // Its token is forgotten with the server, and got anew.
        etcd.server.restart().unwrap();
        loop {
            match client.try_write(vec![(0, Some(Value::Int(2)))]).await {
                Ok(_) => break,
                Err(StoreError::Unavailable(_)) => {}
                Err(error) => panic!("{error}"),
            }
        }
        let seen = client.replica[0].1;
        client.reach(seen).await;
    });
}

#[test]
fn certificates() {
    let right = Certificates::new("p").unwrap();
    let other = Certificates::new("p").unwrap();
    let Some(etcd) = Etcd::start(Some(right.clone()), &[]).unwrap() else { return };
    let options = || EtcdOptions::parse(&etcd.address()).unwrap();
    let with = |options: EtcdOptions, certificates: &Certificates| {
        let (certificate, key) = certificates.client();
        options.with_certificate_files(certificate, key).unwrap()
    };
    runtime().block_on(async {
        let told = opened(options()).await.err().unwrap();
        assert!(told.contains("CSML_ETCD_CA"), "{told}");
        let told =
            opened(with(options().with_ca_file(other.authority()).unwrap(), &right)).await.err().unwrap();
        assert!(told.contains("not accepted"), "{told}");
        // Without a certificate of its own, or with one of another authority, it does not get in.
        for options in [options(), with(options(), &other)] {
            let options = options.with_ca_file(right.authority()).unwrap();
            assert!(Client::open(EtcdStore::new(options), scope("p")).await.is_err());
        }
        let mut client =
            opened(with(options().with_ca_file(right.authority()).unwrap(), &right)).await.unwrap();
        let seen = client.write(vec![(0, Some(Value::Int(1)))]).await;
        client.reach(seen).await;
    });
}
