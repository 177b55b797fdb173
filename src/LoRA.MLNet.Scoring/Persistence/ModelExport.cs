using System.Globalization;
using System.Text.Json;
using LoRA.MLNet.Checkpoints;
using LoRA.MLNet.Encoders;
using LoRA.MLNet.Onnx;
using LoRA.MLNet.Scoring;
using LoRA.MLNet.Tokenization;

namespace LoRA.MLNet.Persistence;

/// <summary>A text model as files that other programs read.</summary>
internal static class ModelExport
{
    /// <summary>Writes the merged model as a Hugging Face folder.</summary>
    public static void SaveMerged(TextModel model, IReadOnlyList<string> labels, string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var tokenizer = TokenizerOf(model);
        var files = new Dictionary<string, ReadOnlyMemory<byte>>(model.TokenizerFiles) { [ModelArchive.Tokenizer] = tokenizer.ToJson() };
        var parts = new PretrainedParts(
            model.Base.Name, model.Base.Name, model.Config, model.Weights, model.Pooling, () => tokenizer, () => files);
        HuggingFaceFolder.Save(
            folder, new PretrainedEncoder(parts), model.Weights, OutputNames(labels), regression: model.Task == TextTask.Regression);
    }

    /// <summary>Writes the merged model as an .onnx file, with tokenizer.json beside it.</summary>
    public static void SaveOnnx(TextModel model, IReadOnlyList<string> labels, string file)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        var tokenizer = TokenizerOf(model).ToJson();
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        Directory.CreateDirectory(folder);
        var encoder = EncoderFamilies.Create(model.Config);
        var graph = new OnnxEncoderGraph(encoder, model.Weights, model.Precision).WithLogits(model.Outputs, model.Pooling).Graph;
        OnnxFile.Save(file, graph, new Dictionary<string, string>
        {
            ["task"] = model.Task.ToString(),
            ["labels"] = JsonSerializer.Serialize(labels),
            ["max_length"] = model.MaxLength.ToString(CultureInfo.InvariantCulture),
        });
        AtomicFile.Write(Path.Combine(folder, ModelArchive.Tokenizer), tokenizer);
    }

    /// <exception cref="InvalidOperationException">The model has no adapter.</exception>
    public static LoraAdapter AdapterOf(TextModel model) => model.Adapter ?? throw new InvalidOperationException(
        "The model was not fine-tuned with LoRA, so it has no adapter. " +
        $"Save it whole: {nameof(LoraTextTransformer.SaveMerged)}, or {nameof(ModelContents)}.{nameof(ModelContents.SelfContained)}.");

    /// <exception cref="InvalidOperationException">The tokenizer has no tokenizer.json.</exception>
    public static HuggingFaceTokenizer TokenizerOf(TextModel model) => model.Tokenizer as HuggingFaceTokenizer
        ?? throw new InvalidOperationException(
            $"The model was trained with a tokenizer of type {model.Tokenizer.GetType().Name}, which has no tokenizer.json and cannot be " +
            $"saved. Train with a {nameof(HuggingFaceTokenizer)} to save the model.");

    private static IReadOnlyList<string> OutputNames(IReadOnlyList<string> labels) => labels.Count == 0 ? ["LABEL_0"] : labels;
}
