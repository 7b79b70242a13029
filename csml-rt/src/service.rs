//! Services, as the application calls them (docs/semantics.md#6-timers-and-invocations).

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use csml_rt_core::{Machines, Misfit, Property};

/// A future on the heap that may move between threads.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send + 'static>>;

/// Dispatches a call to the implementation of its service. Generated code implements it for a description's `Services`.
pub trait ServiceDispatch<A: Machines>: Send + Sync + 'static {
    /// Makes one attempt. The caller sees to time limits and retries; a panic is a failed attempt.
    ///
    /// [`ServiceError::not_implemented`] passes the call on to the service stubs.
    fn call(&self, request: ServiceRequest<A>) -> BoxFuture<Result<A::Reply, ServiceError>>;
}

/// One attempt to call a service.
#[non_exhaustive]
pub struct ServiceRequest<A: Machines> {
    /// The call, with its typed input.
    pub call: A::Call,
    /// Name of the service type.
    pub service: &'static str,
    /// Whether only implementations marked local may serve it.
    pub local: bool,
    /// Name of the implementation asked for.
    pub implementation: Option<&'static str>,
    /// Properties of the `invoke` action that the runtime has no meaning for.
    pub properties: &'static [Property],
    /// Path of the instance that asks for it.
    pub instance: String,
    /// 1 for the first attempt.
    pub attempt: u32,
    /// Trace context of the step that asks for it, for a service that passes it on.
    #[cfg(feature = "distributed")]
    pub traceparent: Option<std::sync::Arc<crate::TraceParent>>,
}

// By hand: deriving would require `A: Clone`, which only its data need.
impl<A: Machines> Clone for ServiceRequest<A> {
    fn clone(&self) -> Self {
        Self {
            call: self.call.clone(),
            instance: self.instance.clone(),
            #[cfg(feature = "distributed")]
            traceparent: self.traceparent.clone(),
            ..*self
        }
    }
}

impl<A: Machines> fmt::Debug for ServiceRequest<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceRequest")
            .field("call", &self.call)
            .field("service", &self.service)
            .field("local", &self.local)
            .field("implementation", &self.implementation)
            .field("properties", &self.properties)
            .field("instance", &self.instance)
            .field("attempt", &self.attempt)
            .finish()
    }
}

/// What a service answers.
pub type ServiceResult<T> = Result<T, ServiceError>;

/// Why an invocation failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceError {
    message: String,
    status: Option<i64>,
    kind: ServiceErrorKind,
}

/// What kind of failure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ServiceErrorKind {
    /// The service says so.
    Failed,
    /// The service type has no implementation.
    NotImplemented,
    /// The attempt took longer than `timeoutMs`.
    TimedOut,
    /// The implementation panicked.
    Panicked,
    /// The answer lacks an output or does not fit its type.
    Misfit,
}

impl ServiceError {
    /// A failure that the service reports.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self::of_kind(ServiceErrorKind::Failed, message)
    }

    /// The service type has no implementation.
    #[must_use]
    pub fn not_implemented() -> Self {
        let message = "nothing implements this service type";
        Self::of_kind(ServiceErrorKind::NotImplemented, message)
    }

    /// The same failure with a status, such as an HTTP status code.
    #[must_use]
    pub fn with_status(mut self, status: i64) -> Self {
        self.status = Some(status);
        self
    }

    pub(crate) fn of_kind(kind: ServiceErrorKind, message: impl Into<String>) -> Self {
        Self { message: message.into(), status: None, kind }
    }

    /// What went wrong: `message` of the event `error.invoke.<serviceType>`.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// A status: `status` of that event.
    #[must_use]
    pub fn status(&self) -> Option<i64> {
        self.status
    }

    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> ServiceErrorKind {
        self.kind
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match self.status {
            Some(status) => write!(f, " (status {status})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ServiceError {}

impl From<Misfit> for ServiceError {
    fn from(misfit: Misfit) -> Self {
        let message = format!("the answer does not fit: {misfit}");
        Self::of_kind(ServiceErrorKind::Misfit, message)
    }
}

/// Services that the user implements. Generated code makes a [`ServiceDispatch`] of it.
#[derive(Debug)]
pub struct Provided<S>(Arc<S>);

impl<S> Provided<S> {
    /// The services that `services` implements.
    pub fn new(services: S) -> Self {
        Self(Arc::new(services))
    }

    /// The services, for a call that outlives the caller.
    #[must_use]
    pub fn services(&self) -> Arc<S> {
        Arc::clone(&self.0)
    }
}

/// Implements no service: every call goes to the service stubs.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoServices;

impl<A: Machines> ServiceDispatch<A> for NoServices {
    fn call(&self, _: ServiceRequest<A>) -> BoxFuture<Result<A::Reply, ServiceError>> {
        Box::pin(std::future::ready(Err(ServiceError::not_implemented())))
    }
}
