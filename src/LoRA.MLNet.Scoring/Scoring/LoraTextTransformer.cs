using LoRA.MLNet.Persistence;
using LoRA.MLNet.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace LoRA.MLNet;

/// <summary>
/// A fine-tuned text model: a transformer encoder with the adapter merged into its weights, so that scoring costs what the pretrained
/// encoder costs. Views are scored lazily, many rows at a time; several threads may use one model.
/// </summary>
/// <remarks>
/// Columns added, as ML.NET's own trainers name them:
/// <list type="bullet">
/// <item>multiclass: PredictedLabel (key, with the training label's values) and Score (softmax probabilities, one slot per class);</item>
/// <item>binary: PredictedLabel (Boolean), Score (Single, positive for true) and Probability (calibrated);</item>
/// <item>regression: Score (Single, in the units of the training label).</item>
/// </list>
/// A null or empty text is scored as the empty string; <see cref="Counts"/> says how many there were, and how many were cut.
/// Dispose the model to free the engine. A <see cref="PredictionEngine{TSrc, TDst}"/> disposes its model with itself unless
/// <see cref="PredictionEngineOptions.OwnsTransformer"/> is false.
/// </remarks>
public sealed class LoraTextTransformer : ITransformer, IDisposable
{
    private readonly IHostEnvironment _environment;
    private readonly IHost _host;
    private readonly TextColumns _columns;
    private readonly TextModel _model;
    private readonly TaskOutputs _outputs;
    private readonly TextScoring _scoring;

    internal LoraTextTransformer(IHostEnvironment environment, TextColumns columns, TextModel model, TextScoring scoring)
    {
        _environment = environment;
        _host = environment.Register(nameof(LoraTextTransformer));
        _columns = columns;
        _model = model;
        _outputs = TaskOutputs.For(model);
        _scoring = scoring;
    }

    /// <summary>What the model predicts.</summary>
    public TextTask Task => _model.Task;

    /// <summary>The pretrained encoder the model was fine-tuned from.</summary>
    public BaseModelInfo BaseModel => _model.Base;

    /// <summary>The classes as text, in the order of the slots of Score; "False" and "True" for binary; none for regression.</summary>
    public IReadOnlyList<string> Labels => _outputs.Labels;

    /// <summary>Longest row in tokens, special tokens included; what is longer is cut and counted.</summary>
    public int MaxLength => _model.MaxLength;

    /// <summary>Name of the text column it reads.</summary>
    public string TextColumnName => _columns.Text;

    /// <summary>Name of the column with the second text of a pair; null for a model of single texts.</summary>
    public string? TextPairColumnName => _columns.TextPair;

    /// <summary>Name of the label column it was trained on. It is not read when scoring.</summary>
    public string LabelColumnName => _columns.Label;

    /// <summary>What has been scored so far, by all views and prediction engines of this model.</summary>
    public ScoringCounts Counts => _scoring.Counts;

    /// <summary>How training went: losses, metrics, time, memory; null where the model was not trained here.</summary>
    public TrainingReport? TrainingReport => _model.Report;

    /// <summary>The LoRA adapter, for use on the base model; null for other methods of fine-tuning.</summary>
    public LoraAdapter? Adapter => _model.Adapter;

    /// <summary>The arithmetic it scores in. Default: 32-bit floats; <see cref="Quantize"/> makes a model of 8-bit integers.</summary>
    public ScoringPrecision Precision => _model.Precision;

    /// <summary>What scoring in 8-bit integers costs, as it was measured; null for a model that scores in floats.</summary>
    public QuantizationReport? Quantization => _model.Quantization;

    /// <summary>What <c>mlContext.Model.Save</c> writes. Default: <see cref="ModelContents.SelfContained"/>.</summary>
    public ModelContents SaveContents { get; set; }

    bool ITransformer.IsRowToRowMapper => true;

    internal TextModel Model => _model;

    internal TextColumns Columns => _columns;

    /// <summary>The schema of what <see cref="Transform"/> returns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A text column is missing or is not of type text.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).Output;

    /// <summary>Appends the predictions to a view. Nothing is computed before the view is read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A text column is missing or is not of type text.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _scoring.ThrowIfDisposed();
        return new ScoredDataView(input, Bind(input.Schema), _scoring, Report);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        _scoring.ThrowIfDisposed();
        return new ScoredRowMapper(Bind(inputSchema), _scoring);
    }

    /// <summary>
    /// The same model scoring in 8-bit integers (<see cref="ScoringPrecision.Int8"/>), on the processor, and what that costs, measured on rows of
    /// your own: both models score them. Saved in model.zip it loads as such, and <see cref="SaveOnnx"/> writes such a graph;
    /// <see cref="SaveMerged"/> and <see cref="SaveAdapter"/> write what they always do.
    /// </summary>
    /// <param name="validationData">
    /// Rows that the model was not trained on, with its text columns and, for the accuracies, its label column: keys or texts (multiclass),
    /// Booleans (binary) or Single (regression).
    /// </param>
    /// <returns>
    /// A model of its own; this one stays as it is, and each is disposed by itself. <see cref="Quantization"/> holds the measured cost.
    /// Both count the validation rows among their <see cref="Counts"/>.
    /// </returns>
    /// <exception cref="InvalidOperationException">The model scores in 8-bit integers already.</exception>
    /// <exception cref="ArgumentException">There are no rows, or a column is missing or of a wrong type.</exception>
    public LoraTextTransformer Quantize(IDataView validationData)
    {
        ArgumentNullException.ThrowIfNull(validationData);
        _scoring.ThrowIfDisposed();
        if (Precision == ScoringPrecision.Int8)
        {
            throw new InvalidOperationException("The model scores in 8-bit integers already; quantize the one that it was made from.");
        }

        var model = _model with { Precision = ScoringPrecision.Int8 };
        var scoring = TextScoring.Of(model, _environment);
        try
        {
            var integers = new LoraTextTransformer(_environment, _columns, model, scoring);
            model = model with { Quantization = QuantizationCheck.Run(this, integers, validationData) };
            return new LoraTextTransformer(_environment, _columns, model, scoring) { SaveContents = SaveContents };
        }
        catch
        {
            scoring.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Saves the merged model as a Hugging Face folder, which transformers' AutoModelForSequenceClassification loads: model.safetensors,
    /// config.json with the labels, tokenizer.json.
    /// </summary>
    /// <param name="folder">Created where it does not exist; files of the same names are replaced.</param>
    /// <exception cref="InvalidOperationException">The tokenizer has no tokenizer.json.</exception>
    public void SaveMerged(string folder)
    {
        _scoring.ThrowIfDisposed();
        ModelExport.SaveMerged(_model, Labels, folder);
    }

    /// <summary>Saves the adapter as PEFT's pair adapter_config.json and adapter_model.safetensors.</summary>
    /// <param name="folder">Created where it does not exist; files of the same names are replaced.</param>
    /// <exception cref="InvalidOperationException">The model was not fine-tuned with LoRA.</exception>
    public void SaveAdapter(string folder)
    {
        _scoring.ThrowIfDisposed();
        ModelExport.AdapterOf(_model).Save(folder);
    }

    /// <summary>
    /// Saves the merged model as an .onnx file of opset 17, with its tokenizer.json beside it. Inputs: input_ids, attention_mask and, where
    /// the family has them, token_type_ids, all [rows, tokens]; output: logits [rows, classes]. Its metadata_props hold the labels
    /// ("labels", a JSON array), the task ("task") and the longest row ("max_length").
    /// </summary>
    /// <param name="file">The file to write; its folder is created where it does not exist.</param>
    /// <exception cref="InvalidOperationException">The tokenizer has no tokenizer.json.</exception>
    public void SaveOnnx(string file)
    {
        _scoring.ThrowIfDisposed();
        ModelExport.SaveOnnx(_model, Labels, file);
    }

    /// <summary>Frees the engine, after the calls under way. Views and prediction engines of this model can no longer score.</summary>
    public void Dispose() => _scoring.Dispose();

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        _scoring.ThrowIfDisposed();
        MlNetInternals.Save(ctx, ModelArchive.Write(_model, _columns, SaveContents));
    }

    private ScoringSchema Bind(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ScoringSchema(input, _columns, _outputs);
    }

    private void Report(ScoringCounts counts)
    {
        if (counts.EmptyRows > 0 || counts.TruncatedRows > 0)
        {
            using var channel = _host.Start("Scoring");
            channel.Info(
                MessageSensitivity.None,
                "{0} rows scored; {1} had more than {2} tokens and were cut; {3} had an empty text.",
                counts.Rows, counts.TruncatedRows, MaxLength, counts.EmptyRows);
        }
    }
}
