using System.Text.Json;
using LoRA.MLNet.Checkpoints;
using LoRA.MLNet.Encoders;
using LoRA.MLNet.Scoring;

namespace LoRA.MLNet.Persistence;

/// <summary>
/// A text model as entries of a model file: a merged Hugging Face folder, the PEFT pair, lora.json and the training report. A model
/// without its base has no model.safetensors.
/// </summary>
internal static class ModelArchive
{
    public const string Config = "config.json";
    public const string Weights = "model.safetensors";
    public const string Tokenizer = "tokenizer.json";
    public const string AdapterConfig = "adapter_config.json";
    public const string AdapterWeights = "adapter_model.safetensors";
    public const string Report = "training_report.json";

    private static readonly string[] s_tokenizerFiles = ["tokenizer_config.json", "special_tokens_map.json"];

    /// <summary>The entries of a model.</summary>
    /// <exception cref="InvalidOperationException">The tokenizer cannot be saved, or the adapter asked for does not exist.</exception>
    public static IReadOnlyList<ModelEntry> Write(TextModel model, TextColumns columns, ModelContents contents)
    {
        var adapter = contents == ModelContents.AdapterOnly ? ModelExport.AdapterOf(model) : model.Adapter;
        List<ModelEntry> entries =
        [
            Text(ModelManifest.FileName, ModelManifest.Of(model, columns, contents).ToJson()),
            Text(Config, System.Text.Encoding.UTF8.GetBytes(model.Config.ToString())),
            Text(Tokenizer, ModelExport.TokenizerOf(model).ToJson()),
        ];
        entries.AddRange(s_tokenizerFiles.Where(model.TokenizerFiles.ContainsKey).Select(name => Text(name, model.TokenizerFiles[name])));
        if (contents == ModelContents.SelfContained)
        {
            entries.Add(new(Weights, stream => SafetensorsFile.Write(stream, model.Weights)));
        }

        if (adapter is not null)
        {
            entries.Add(Text(AdapterConfig, adapter.ConfigBytes()));
            entries.Add(new(AdapterWeights, stream => SafetensorsFile.Write(stream, adapter.Tensors)));
        }

        if (model.Report is not null)
        {
            entries.Add(Text(Report, JsonSerializer.SerializeToUtf8Bytes(model.Report, ModelManifest.Json)));
        }

        return entries;
    }

    /// <summary>Reads a model.</summary>
    /// <exception cref="CheckpointFormatException">An entry is missing or not valid, or entries do not fit together.</exception>
    /// <exception cref="BaseModelNotFoundException">The model was saved without its base, and the base is not known here.</exception>
    public static (TextModel Model, TextColumns Columns) Read(ModelEntries entries)
    {
        var source = ModelEntries.Source(ModelManifest.FileName);
        var manifest = ModelManifest.Parse(entries.Text(ModelManifest.FileName), source);
        var labels = manifest.ReadLabels(source);
        var config = EncoderConfig.Parse(entries.Text(Config), ModelEntries.Source(Config));
        var encoder = EncoderFamilies.Create(config);
        var isWhole = manifest.Contents == ModelContents.SelfContained;
        var stored = isWhole ? entries.Weights(Weights) : BaseModels.Find(manifest.Base).Weights;
        RequireSize(encoder, manifest, stored.Count);
        var inventory = ModuleInventory.Of(encoder, manifest.Outputs, manifest.Pooling);
        var adapter = ReadAdapter(entries);
        var weights = isWhole ? stored : Merge(stored, adapter, inventory);
        RequireWeights(inventory, weights);
        return (new TextModel
        {
            Task = manifest.Task, Config = config, Pooling = manifest.Pooling, Weights = weights, Tokenizer = entries.Tokenizer(Tokenizer),
            TokenizerFiles = ReadTokenizerFiles(entries),
            MaxLength = manifest.MaxLength, Truncation = manifest.Truncation, Base = manifest.Base, Outputs = manifest.Outputs, Labels = labels,
            Calibration = manifest.Calibration, Scaling = manifest.Scaling, Adapter = adapter, Report = ReadReport(entries),
            Precision = manifest.Precision, Quantization = manifest.Quantization,
        }, manifest.Columns);
    }

    private static Dictionary<string, ReadOnlyMemory<byte>> ReadTokenizerFiles(ModelEntries entries)
    {
        var files = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach (var name in s_tokenizerFiles)
        {
            if (entries.TextOrNull(name) is { } bytes)
            {
                files[name] = bytes;
            }
        }

        return files;
    }

    private static LoraAdapter? ReadAdapter(ModelEntries entries) => entries.TextOrNull(AdapterConfig) is { } config
        ? LoraAdapter.FromParts(config, entries.Weights(AdapterWeights), "the adapter in the model file")
        : null;

    private static IReadOnlyDictionary<string, WeightTensor> Merge(
        IReadOnlyDictionary<string, WeightTensor> weights, LoraAdapter? adapter, ModuleInventory inventory)
    {
        var adaptation = (adapter ?? throw new CheckpointFormatException(
            $"{ModelEntries.Source(AdapterConfig)} is missing from a model without its base. Save the model again.")).Bind(inventory);
        return adaptation.Merge(weights, adaptation.Weights);
    }

    // The weights that an encoder needs are listed by running through its layers, so an absurd number of them is refused first.
    private static void RequireSize(Encoder encoder, ModelManifest manifest, int weights)
    {
        if (encoder.Layers > weights)
        {
            throw new CheckpointFormatException(
                $"{ModelEntries.Source(Config)}: {encoder.Layers} layers (num_hidden_layers or the family's name for it), but there are only " +
                $"{weights} weights. Save the model again.");
        }

        if (manifest.MaxLength > encoder.MaxPositions)
        {
            throw new CheckpointFormatException(
                $"{ModelEntries.Source(ModelManifest.FileName)}: rows of {manifest.MaxLength} tokens, but the encoder has " +
                $"{encoder.MaxPositions} positions. Save the model again.");
        }
    }

    private static void RequireWeights(ModuleInventory inventory, IReadOnlyDictionary<string, WeightTensor> weights)
    {
        foreach (var (key, shape) in inventory.Weights)
        {
            if (!weights.TryGetValue(key, out var weight) || !weight.Shape.AsSpan().SequenceEqual(shape.AsSpan()))
            {
                throw new CheckpointFormatException(
                    $"{ModelEntries.Source(Weights)}: expected '{key}' of shape [{string.Join(", ", shape)}] as {Config} says, found " +
                    $"{(weight is null ? "none" : $"[{string.Join(", ", weight.Shape)}]")}. Save the model again.");
            }
        }
    }

    private static TrainingReport? ReadReport(ModelEntries entries)
    {
        try
        {
            return entries.TextOrNull(Report) is { } json ? JsonSerializer.Deserialize<TrainingReport>(json, ModelManifest.Json) : null;
        }
        catch (JsonException e)
        {
            throw new CheckpointFormatException($"{ModelEntries.Source(Report)} is not valid ({e.Message}) Save the model again.", e);
        }
    }

    private static ModelEntry Text(string name, ReadOnlyMemory<byte> bytes) => new(name, stream => stream.Write(bytes.Span));
}
