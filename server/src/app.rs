//! What all requests and jobs share.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use tokio::sync::{Notify, RwLock, Semaphore, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use crate::account_limits::{AccountLimits, ChunkRate};
use crate::clock::{Clock, micros};
use crate::config::{Config, PublicUrl, Timing};
use crate::incoming::Incoming;
use crate::jobs::runner;
use crate::mail::{MailError, Mailer};
use crate::metrics::Metrics;
use crate::notify::{self, NoticeError, Notifier};
use crate::passwords::Passwords;
use crate::readiness;
use crate::spool::Spool;
use crate::store::notices::Kind;
use crate::store::{Store, Tables, outbox};
use crate::sweep;

/// The database's file in the data folder.
pub(crate) const DATABASE: &str = "rehome.sqlite";

/// Sign-ins of strangers whose passwords are looked at, or wait for that. Those
/// who are known wait behind no more than these.
const STRANGERS_PER_CORE: usize = 2;
/// Of the store's readers, so many answer to strangers; the others are the admins'.
const PUBLIC_READERS: usize = 2;

/// A running server without its socket. Clones share everything.
#[derive(Debug, Clone)]
pub struct App {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    data: PathBuf,
    store: Store,
    spool: Spool,
    spool_gate: RwLock<()>,
    incoming: Incoming,
    public_url: PublicUrl,
    trusted_proxies: Vec<IpNet>,
    limits: AccountLimits,
    chunk_rate: ChunkRate,
    strangers: Semaphore,
    public_readers: Semaphore,
    batch_records: usize,
    keep_history: Duration,
    timing: Timing,
    clock: Clock,
    passwords: Passwords,
    mailer: Option<Mailer>,
    metrics: Metrics,
    readiness: readiness::Found,
    notifier: Notifier,
    chunk_readers: Arc<Semaphore>,
    cores: usize,
    changes: watch::Sender<u64>,
    runner: Notify,
    shutdown: CancellationToken,
    tasks: TaskTracker,
    /// Locked as long as this lives.
    _lock: File,
}

/// Why the server cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another server has it.
    #[error("another Rehome server uses {0}; stop it first, or name another folder with --data")]
    InUse(PathBuf),
    /// It cannot be made or read.
    #[error("the data folder {folder}: {error}")]
    Folder {
        /// The folder or file in it.
        folder: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Mail cannot be sent as set.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// Notices cannot be sent as set.
    #[error(transparent)]
    Notices(#[from] NoticeError),
    /// The database or the spool in it.
    #[error("{0:#}")]
    Inside(anyhow::Error),
}

impl App {
    /// Opens the data folder and puts right what an earlier process left.
    /// Nothing runs by itself before [`App::start`].
    ///
    /// # Errors
    /// The folder cannot be used.
    pub async fn open(
        config: &Config,
        public_url: PublicUrl,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        let mailer = Mailer::new(&config.mail)?;
        let notifier = Notifier::new(&config.notices, mailer.is_some())?;
        private_folder(&config.data)?;
        let lock = lock(&config.data)?;
        let spool_folder = config.data.join("spool");
        private_folder(&spool_folder)?;
        let spool = Spool::open(&spool_folder).map_err(|error| OpenError::Inside(error.into()))?;
        let busy_timeout = Duration::from_millis(config.timing.busy_timeout_ms.into());
        let store = Store::open(&config.data.join(DATABASE), busy_timeout, Tables::BringUpToDate)
            .await
            .map_err(OpenError::Inside)?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let metrics = Metrics::new(clock.now_micros());
        let app = Self {
            inner: Arc::new(Inner {
                data: config.data.clone(),
                store,
                spool,
                spool_gate: RwLock::new(()),
                incoming: Incoming::default(),
                public_url,
                trusted_proxies: config.trusted_proxy.clone(),
                limits: config.limits,
                chunk_rate: ChunkRate::new(config.limits.chunks_per_minute, clock.clone()),
                strangers: Semaphore::new(STRANGERS_PER_CORE * cores),
                public_readers: Semaphore::new(PUBLIC_READERS),
                batch_records: config.batch_records,
                keep_history: Duration::from_hours(24) * config.keep_history_days,
                timing: config.timing,
                clock,
                passwords: Passwords::new(cores),
                mailer,
                metrics,
                readiness: readiness::Found::default(),
                notifier,
                chunk_readers: Arc::new(Semaphore::new(cores)),
                cores,
                changes: watch::Sender::new(0),
                runner: Notify::new(),
                shutdown: CancellationToken::new(),
                tasks: TaskTracker::new(),
                _lock: lock,
            }),
        };
        // The lock proves that whoever held these is gone.
        runner::release_abandoned(&app, i64::MAX)
            .await
            .map_err(|error| OpenError::Inside(error.into()))?;
        outbox::release_all(app.store()).await.map_err(|error| OpenError::Inside(error.into()))?;
        // What is left of it is tried again and again: no reason not to serve.
        sweep::at_start(&app).await;
        Ok(app)
    }

    /// Starts what runs beside the requests: jobs, the sweep, notices.
    pub fn start(&self) {
        self.spawn(runner::run(self.clone()));
        self.spawn(sweep::run(self.clone()));
        for kind in [Kind::Email, Kind::Webhook] {
            self.spawn(notify::run(self.clone(), kind));
        }
    }

    /// Ends live streams and takes no new work. Jobs stop at their next batch.
    pub fn begin_shutdown(&self) {
        self.inner.shutdown.cancel();
        self.inner.tasks.close();
    }

    /// Waits until everything has stopped, then closes the database.
    pub async fn shut_down(&self) {
        self.begin_shutdown();
        self.inner.tasks.wait().await;
        self.inner.store.close().await;
    }

    /// The folder of the database and of the staged files.
    pub(crate) fn data(&self) -> &Path {
        &self.inner.data
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }

    /// What was last found of whether it can take work.
    pub(crate) fn readiness(&self) -> &readiness::Found {
        &self.inner.readiness
    }

    pub(crate) fn store(&self) -> &Store {
        &self.inner.store
    }

    pub(crate) fn spool(&self) -> &Spool {
        &self.inner.spool
    }

    /// Held for reading while a chunk is taken in, for writing while files are deleted.
    pub(crate) fn spool_gate(&self) -> &RwLock<()> {
        &self.inner.spool_gate
    }

    /// The imports whose one body is coming in.
    pub(crate) fn incoming(&self) -> &Incoming {
        &self.inner.incoming
    }

    pub(crate) fn public_url(&self) -> &PublicUrl {
        &self.inner.public_url
    }

    /// Proxies that may say where requests come from.
    pub(crate) fn trusted_proxies(&self) -> &[IpNet] {
        &self.inner.trusted_proxies
    }

    pub(crate) fn limits(&self) -> AccountLimits {
        self.inner.limits
    }

    pub(crate) fn chunk_rate(&self) -> &ChunkRate {
        &self.inner.chunk_rate
    }

    /// One permit for each sign-in of a stranger whose password is looked at.
    pub(crate) fn strangers(&self) -> &Semaphore {
        &self.inner.strangers
    }

    /// One permit for each page of comments that a stranger reads.
    pub(crate) fn public_readers(&self) -> &Semaphore {
        &self.inner.public_readers
    }

    pub(crate) fn batch_records(&self) -> usize {
        self.inner.batch_records
    }

    /// The same, as statements take it.
    pub(crate) fn batch_rows(&self) -> u32 {
        u32::try_from(self.inner.batch_records).unwrap_or(u32::MAX)
    }

    /// What imports did that finished by then, in microseconds, is not kept any more.
    pub(crate) fn history_over(&self) -> i64 {
        self.clock().now_micros() - micros(self.inner.keep_history)
    }

    pub(crate) fn timing(&self) -> Timing {
        self.inner.timing
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    pub(crate) fn passwords(&self) -> &Passwords {
        &self.inner.passwords
    }

    /// None where the operator set no mail server.
    pub(crate) fn mailer(&self) -> Option<&Mailer> {
        self.inner.mailer.as_ref()
    }

    /// Whom the operator has told, and how.
    pub(crate) fn notifier(&self) -> &Notifier {
        &self.inner.notifier
    }

    /// One permit for each chunk that is inflated and parsed: as many as cores.
    pub(crate) fn chunk_readers(&self) -> &Arc<Semaphore> {
        &self.inner.chunk_readers
    }

    pub(crate) fn cores(&self) -> usize {
        self.inner.cores
    }

    /// An import changed, and that is committed: live streams look.
    pub(crate) fn changed(&self) {
        self.inner.changes.send_modify(|count| *count += 1);
    }

    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.inner.changes.subscribe()
    }

    /// How many follow the changes live.
    pub(crate) fn live_streams(&self) -> usize {
        self.inner.changes.receiver_count()
    }

    /// A job may be waiting.
    pub(crate) fn wake_runner(&self) {
        self.inner.runner.notify_one();
    }

    pub(crate) async fn runner_woken(&self) {
        self.inner.runner.notified().await;
    }

    pub(crate) fn shutdown(&self) -> &CancellationToken {
        &self.inner.shutdown
    }

    /// Runs beside the requests; a stop waits for it. What it logs belongs to whoever asked.
    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        task: impl Future<Output = T> + Send + 'static,
    ) -> tokio::task::JoinHandle<T> {
        self.inner.tasks.spawn(task.in_current_span())
    }
}

fn private_folder(folder: &Path) -> Result<(), OpenError> {
    let make = || {
        std::fs::create_dir_all(folder)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // A folder that is right already may be read-only for now.
            if std::fs::metadata(folder)?.permissions().mode() & 0o777 != 0o700 {
                std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
            }
        }
        Ok(())
    };
    make().map_err(|error| at(folder, error))
}

/// Held by whoever serves from the folder.
pub(crate) fn lock(data: &Path) -> Result<File, OpenError> {
    let path = data.join("lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|error| at(&path, error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(data.to_owned())),
        Err(TryLockError::Error(error)) => Err(at(&path, error)),
    }
}

fn at(folder: &Path, error: io::Error) -> OpenError {
    OpenError::Folder { folder: folder.to_owned(), error }
}
