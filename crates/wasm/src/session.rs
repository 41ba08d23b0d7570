//! One file in one worker: detect, preview, samples, send.

use std::cell::RefCell;
use std::collections::BTreeMap;

use js_sys::Function;
use rehome_formats::{Convert, Format, Index, Preview, Previewer, Sampler, Source, Step};
use rehome_record::{Complete, IMPORT_INCOMPLETE, NewImport, Options, Seen, SourceFile};
use wasm_bindgen::prelude::*;
use web_sys::File;

use crate::blob::{BlobReader, ReadBytes, fingerprint};
use crate::chunks::Chunks;
use crate::control::Control;
use crate::decoder::decoder;
use crate::dto::{ReadPhase, ReadProgress};
use crate::send::{self, Progress};
use crate::{WorkerProblem, js};

/// Entries between two looks at the clock.
const ENTRIES_A_LOOK: usize = 200;

/// One file, from the choice to the last chunk.
#[wasm_bindgen]
pub struct Session {
    file: File,
    read_bytes: ReadBytes,
    pass: RefCell<Pass>,
    /// When the pass at work was started, milliseconds.
    started_at: f64,
    format: Option<&'static dyn Format>,
    preview: Option<Preview>,
    /// Taken by the stream, which is sent once.
    index: RefCell<Option<Index>>,
    control: Control,
}

/// What the session is doing.
enum Pass {
    None,
    Preview(Box<Previewer<'static>>),
    Samples(Box<Sampler<'static>>),
}

#[wasm_bindgen]
impl Session {
    /// Takes the file; reads nothing yet.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(file: File) -> Self {
        Self {
            file,
            read_bytes: ReadBytes::default(),
            pass: RefCell::new(Pass::None),
            started_at: 0.0,
            format: None,
            preview: None,
            index: RefCell::new(None),
            control: Control::new(),
        }
    }

    /// What the file is.
    ///
    /// # Errors
    /// A `WorkerProblem`, where not even its start can be read.
    #[wasm_bindgen(unchecked_return_type = "Detection")]
    pub fn detect(&mut self) -> Result<JsValue, JsValue> {
        let source = self.open()?;
        self.format = source.detect_format();
        Ok(js::value(&source.detect()))
    }

    /// Starts to read everything.
    ///
    /// # Errors
    /// A `WorkerProblem`, where the file is of no known format.
    #[wasm_bindgen(js_name = startPreview)]
    pub fn start_preview(&mut self) -> Result<(), JsValue> {
        let source = self.open()?;
        let Some(format) = self.format else {
            return Err(WorkerProblem::from(source.unknown()).into());
        };
        self.start(Pass::Preview(Box::new(Previewer::new(format, source, &Options::new()))));
        Ok(())
    }

    /// Starts to collect sample threads. To be called after [`Self::finish_preview`].
    ///
    /// # Errors
    /// A `WorkerProblem`, where the file cannot be read any more.
    #[wasm_bindgen(js_name = startSamples)]
    pub fn start_samples(&mut self) -> Result<(), JsValue> {
        let source = self.open()?;
        let sampler = match (self.format, &*self.index.borrow()) {
            (Some(format), Some(index)) => Sampler::new(format, source, index, &Options::new()),
            _ => return Err(out_of_order().into()),
        };
        self.start(Pass::Samples(Box::new(sampler)));
        Ok(())
    }

    /// Reads on for about so many milliseconds; true at the end of the pass.
    pub fn step(&mut self, budget_ms: f64) -> bool {
        let until = js_sys::Date::now() + budget_ms;
        loop {
            let step = match self.pass.get_mut() {
                Pass::None => Step::Ended,
                Pass::Preview(previewer) => previewer.step(ENTRIES_A_LOOK),
                Pass::Samples(sampler) => sampler.step(ENTRIES_A_LOOK),
            };
            if step == Step::Ended {
                return true;
            }
            if js_sys::Date::now() >= until {
                return false;
            }
        }
    }

    /// How far the pass at work is.
    #[wasm_bindgen(js_name = readProgress, unchecked_return_type = "ReadProgress")]
    #[must_use]
    pub fn read_progress(&self) -> JsValue {
        let (phase, (pages, comments)) = match &*self.pass.borrow() {
            Pass::Samples(sampler) => (ReadPhase::Samples, sampler.seen()),
            Pass::Preview(previewer) => (ReadPhase::Preview, previewer.seen()),
            Pass::None => (ReadPhase::Preview, (0, 0)),
        };
        let read_bytes = self.read_bytes.get();
        let total_bytes = self.size_bytes();
        let seconds = (js_sys::Date::now() - self.started_at) / 1000.0;
        let seconds_left = (read_bytes > 0 && seconds > 0.3)
            .then(|| total_bytes.saturating_sub(read_bytes) as f64 * seconds / read_bytes as f64);
        js::value(&ReadProgress { phase, read_bytes, total_bytes, pages, comments, seconds_left })
    }

    /// The numbers, after [`Self::step`] said that the pass has ended.
    ///
    /// # Errors
    /// A `WorkerProblem`, where no preview was made.
    #[wasm_bindgen(js_name = finishPreview, unchecked_return_type = "Preview")]
    pub fn finish_preview(&mut self) -> Result<JsValue, JsValue> {
        let Pass::Preview(previewer) = self.pass.replace(Pass::None) else {
            return Err(out_of_order().into());
        };
        let (preview, index) = previewer.finish();
        let value = js::value(&preview);
        self.preview = Some(preview);
        self.index.replace(Some(index));
        Ok(value)
    }

    /// The samples, after [`Self::step`] said that the pass has ended.
    ///
    /// # Errors
    /// A `WorkerProblem`, where no samples were collected.
    #[wasm_bindgen(js_name = finishSamples, unchecked_return_type = "Samples")]
    pub fn finish_samples(&mut self) -> Result<JsValue, JsValue> {
        let Pass::Samples(sampler) = self.pass.replace(Pass::None) else {
            return Err(out_of_order().into());
        };
        Ok(js::value(&sampler.finish()))
    }

    /// Tells the same file when it is chosen again: the server keeps it with an import.
    ///
    /// # Errors
    /// A `WorkerProblem`, where the file cannot be read any more.
    pub fn fingerprint(&self) -> Result<String, JsValue> {
        Ok(fingerprint(&self.file).map_err(WorkerProblem::from)?)
    }

    /// Streams to the server what it lacks of the file, and submits it.
    /// `on_event` is told `{type: "created", import}` once and
    /// `{type: "sending", progress}` at most ten times a second. Resolves with
    /// the submitted import.
    ///
    /// A file that stops before its end is sent only where `incomplete` is
    /// true: then what could be read of it goes, and the import stays marked.
    /// `resume` names the unfinished import to go on with; without it the
    /// site's own one of the same file is taken. `replace` names the one that a
    /// new import takes the place of.
    ///
    /// # Errors
    /// A `WorkerProblem`; its code is `cancelled` after [`Self::cancel`],
    /// `incomplete` for a broken file that nobody chose to take as it is, and
    /// `import_differs` where the unfinished import was begun with something
    /// else: then this may be called again.
    #[wasm_bindgen(unchecked_return_type = "Import")]
    pub async fn send(
        &self,
        site_id: u32,
        incomplete: bool,
        resume: Option<String>,
        replace: Option<String>,
        #[wasm_bindgen(
            unchecked_param_type = "(event: { type: 'created'; import: Import } | { type: 'sending'; progress: SendProgress }) => void"
        )]
        on_event: Function,
    ) -> Result<JsValue, JsValue> {
        let source = self.open()?;
        let (Some(format), Some(preview)) = (self.format, &self.preview) else {
            return Err(out_of_order().into());
        };
        if is_broken(preview) && !incomplete {
            let message = "The file cannot be read to its end, so it is not sent.";
            return Err(WorkerProblem::new("incomplete", message).into());
        }
        let mut new = self.new_import(format, preview, options(incomplete))?;
        (new.resume, new.replace) = (resume, replace);
        let progress = Progress::new(new.seen.kept, on_event);
        let _listening = self.control.listen();
        let open = send::open(site_id, &mut new, &self.control, &progress).await?;
        let Some(index) = self.index.take() else { return Err(out_of_order().into()) };
        let chunks = Chunks::new(Convert::new(format, source, index, new.options));
        Ok(js::value(&send::run(&open, chunks, &self.control, &progress).await?))
    }

    /// Ends the wait for the next try, where there is one.
    #[wasm_bindgen(js_name = tryNow)]
    pub fn try_now(&self) {
        self.control.try_now();
    }

    /// Stops a stream. Between the steps of a pass nothing needs to be stopped.
    pub fn cancel(&self) {
        self.control.cancel();
    }
}

impl Session {
    fn open(&self) -> Result<Source<'static>, WorkerProblem> {
        let reader = BlobReader::new(self.file.clone().into(), self.read_bytes.clone())?;
        Ok(Source::open(&self.file.name(), reader, decoder)?)
    }

    fn start(&mut self, pass: Pass) {
        self.started_at = js_sys::Date::now();
        self.pass.replace(pass);
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a file's size")]
    fn size_bytes(&self) -> u64 {
        self.file.size() as u64
    }

    /// What the server freezes.
    fn new_import(
        &self,
        format: &dyn Format,
        preview: &Preview,
        options: Options,
    ) -> Result<NewImport, WorkerProblem> {
        let comments = &preview.summary.comments;
        let mut skipped_by_reason = BTreeMap::new();
        for (code, count) in &comments.skipped_by_reason {
            skipped_by_reason.insert((*code).to_owned(), *count);
        }
        let index = self.index.borrow();
        let Some(index) = &*index else { return Err(out_of_order()) };
        let header = index.header(format, options);
        Ok(NewImport {
            format: header.format,
            origin: header.origin,
            reader: header.reader,
            options: header.options,
            file: SourceFile {
                name: self.file.name(),
                size_bytes: self.size_bytes(),
                fingerprint: fingerprint(&self.file)?,
            },
            seen: Seen {
                comments: comments.seen,
                kept: comments.kept,
                skipped_by_reason,
                complete: preview.summary.complete,
            },
            resume: None,
            replace: None,
        })
    }
}

/// Reading stopped before the end of the file.
fn is_broken(preview: &Preview) -> bool {
    preview.error.is_some() || preview.summary.complete == Complete::No
}

/// What the admin chose, for the server and for the stream's header alike.
fn options(incomplete: bool) -> Options {
    let mut options = Options::new();
    if incomplete {
        options.insert(IMPORT_INCOMPLETE.to_owned(), true.into());
    }
    options
}

/// The worker's script called in the wrong order: a bug of ours.
fn out_of_order() -> WorkerProblem {
    WorkerProblem::new("out_of_order", "The file is not ready for this yet. Choose it again.")
}
