using LoRA.MLNet.Adapters;
using LoRA.MLNet.Checkpoints;
using LoRA.MLNet.Encoders;
using LoRA.MLNet.Tokenization;
using LoRA.MLNet.Training;

namespace LoRA.MLNet.Tests.Training;

/// <summary>A BERT of two small layers with random weights, and rows whose class is told by one of their tokens.</summary>
internal static class TinyModel
{
    public const int Classes = 3;
    private const int Vocabulary = 40;

    public static Encoder Encoder { get; } = EncoderFamilies.Create(EncoderConfig.Parse(
        System.Text.Encoding.UTF8.GetBytes("""
            { "model_type": "bert", "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32,
              "vocab_size": 40, "max_position_embeddings": 32, "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1 }
            """),
        "tiny"));

    public static TrainingInput Input(
        FineTuningMethod? method = null, int rows = 60, TrainingTask task = TrainingTask.Classification, int seed = 1)
    {
        var outputs = task == TrainingTask.Classification ? Classes : 1;
        var inventory = ModuleInventory.Of(Encoder, outputs, Pooling.Family);
        var weights = inventory.Weights.ToDictionary(
            weight => weight.Key, weight => Initial(weight.Key, [.. weight.Value], seed), StringComparer.Ordinal);
        return new TrainingInput
        {
            Encoder = Encoder,
            Pooling = Pooling.Family,
            Task = task,
            Outputs = outputs,
            Weights = weights,
            Adaptation = (method ?? new LoraOptions { Dropout = 0.1 }).Prepare(inventory, weights, seed),
            Rows = Rows(rows, seed),
        };
    }

    /// <summary>The same without a head in the checkpoint: one linear module over mean-pooled features is new.</summary>
    public static TrainingInput Headless(FineTuningMethod? method = null, TrainingTask task = TrainingTask.Classification)
    {
        var input = Input(task: task) with { Pooling = Pooling.Mean };
        var weights = input.Weights.Where(weight => !weight.Key.StartsWith("classifier.", StringComparison.Ordinal))
            .ToDictionary(StringComparer.Ordinal);
        var inventory = ModuleInventory.Of(Encoder, input.Outputs, Pooling.Mean);
        return input with { Weights = weights, Adaptation = (method ?? new LoraOptions()).Prepare(inventory, weights, seed: 1) };
    }

    public static IReadOnlyList<TrainingRow> Rows(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(row =>
        {
            var ids = Enumerable.Range(0, random.Next(3, 12)).Select(_ => random.Next(10, Vocabulary)).ToArray();
            ids[0] = 1;
            ids[1] = 2 + (row % Classes);
            return new TrainingRow(new TokenIds(ids, [], Truncated: row % 10 == 0), row % Classes);
        })];
    }

    private static WeightTensor Initial(string key, int[] shape, int seed)
    {
        var random = new Random(HashCode(key) ^ seed);
        var isNorm = key.EndsWith("LayerNorm.weight", StringComparison.Ordinal);
        var values = new float[shape.Aggregate(1, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = isNorm ? 1 : (float)(random.NextDouble() - 0.5) * 0.4f;
        }

        return WeightTensor.FromFloats(values, shape);
    }

    private static int HashCode(string key) => key.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter));
}
