using System.Text.Json;
using System.Text.Json.Serialization;
using LoRA.MLNet.Checkpoints;
using LoRA.MLNet.Encoders;
using LoRA.MLNet.Scoring;
using LoRA.MLNet.Tokenization;

namespace LoRA.MLNet.Persistence;

/// <summary>lora.json of a model file: what config.json and tokenizer.json do not say.</summary>
internal sealed record ModelManifest
{
    public const string FileName = "lora.json";
    public const int CurrentVersion = 1;

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
    };

    public required int Version { get; init; }

    public required TextTask Task { get; init; }

    public required ModelContents Contents { get; init; }

    public required TextColumns Columns { get; init; }

    public required Pooling Pooling { get; init; }

    public required int Outputs { get; init; }

    public required int MaxLength { get; init; }

    public required TruncationStrategy Truncation { get; init; }

    public required BaseModelInfo Base { get; init; }

    public required Calibration Calibration { get; init; }

    public required TargetScaling Scaling { get; init; }

    public ManifestLabels? Labels { get; init; }

    /// <summary>Absent from files of versions that scored in floats only.</summary>
    public ScoringPrecision Precision { get; init; }

    public QuantizationReport? Quantization { get; init; }

    public static ModelManifest Of(TextModel model, TextColumns columns, ModelContents contents) => new()
    {
        Version = CurrentVersion, Task = model.Task, Contents = contents, Columns = columns, Pooling = model.Pooling, Outputs = model.Outputs,
        MaxLength = model.MaxLength, Truncation = model.Truncation, Base = model.Base, Calibration = model.Calibration, Scaling = model.Scaling,
        Labels = ManifestLabels.Of(model.Labels), Precision = model.Precision, Quantization = model.Quantization,
    };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <exception cref="CheckpointFormatException">The text is not a manifest, is of a newer version, or contradicts itself.</exception>
    public static ModelManifest Parse(ReadOnlySpan<byte> json, string source)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize<ModelManifest>(json, Json)
                ?? throw new CheckpointFormatException($"{source}: expected a JSON object, found null.");
            manifest.Check(source);
            return manifest;
        }
        catch (JsonException e)
        {
            throw new CheckpointFormatException($"{source}: not a valid description of a text model ({e.Message}) Save the model again.", e);
        }
    }

    /// <summary>The label values, or null.</summary>
    /// <exception cref="CheckpointFormatException">They are not what their type says, or are not as many as the outputs.</exception>
    public LabelValues? ReadLabels(string source)
    {
        try
        {
            var labels = Labels?.ToValues(source);
            return labels is null || labels.Type.Size == Outputs ? labels : throw new CheckpointFormatException(
                $"{source}: {labels.Type.Size} labels for {Outputs} outputs. Save the model again.");
        }
        catch (JsonException e)
        {
            throw new CheckpointFormatException($"{source}: the labels are not of type {Labels!.Type} ({e.Message}) Save the model again.", e);
        }
    }

    private void Check(string source)
    {
        if (Version is < 1 or > CurrentVersion)
        {
            throw new CheckpointFormatException(
                $"{source}: version {Version} of the format; this library reads 1 to {CurrentVersion}. Update LoRA.MLNet.Scoring.");
        }

        var outputs = Task switch { TextTask.Multiclass => Outputs >= 1, TextTask.Binary => Outputs == 2, _ => Outputs == 1 };
        if (!outputs || MaxLength < 1)
        {
            throw new CheckpointFormatException(
                $"{source}: a {Task} model with {Outputs} outputs and {MaxLength} tokens a row cannot be. Save the model again.");
        }
    }
}
