using System.Collections.Immutable;
using LoRA.MLNet.Encoders;
using LoRA.MLNet.Operations;

namespace LoRA.MLNet.Checkpoints;

/// <summary>
/// The weights that an encoder with a classification head needs, whatever the number of labels: comparing the plans for two numbers
/// of labels tells which sizes are the number of labels.
/// </summary>
internal sealed class HeadPlan
{
    private const int MaxLayers = 1000;

    // Heads of these tasks share names with the classification head and mean something else.
    private static readonly string[] s_otherTasks = ["ForTokenClassification", "ForMultipleChoice", "ForQuestionAnswering"];

    private readonly ModuleInventory _two;
    private readonly ModuleInventory _three;
    private readonly ModuleInventory _family;

    private HeadPlan(Encoder encoder, Pooling pooling)
    {
        _two = ModuleInventory.Of(encoder, 2, pooling);
        _three = ModuleInventory.Of(encoder, 3, pooling);
        _family = pooling == Pooling.Family ? _two : ModuleInventory.Of(encoder, 2, Pooling.Family);
        Keys = _two.Weights.Keys.ToHashSet(StringComparer.Ordinal);
        BodyKeys = [.. Keys.Where(key => !_two.IsHead(key)).Order(StringComparer.Ordinal)];
        AcceptsHead = encoder.Config.Element("architectures") is not { } names || !s_otherTasks.Any(names.GetRawText().Contains);
    }

    /// <summary>Every key, the head's included.</summary>
    public IReadOnlySet<string> Keys { get; }

    /// <summary>The encoder's keys without the head's, in ordinal order.</summary>
    public IReadOnlyList<string> BodyKeys { get; }

    /// <summary>Whether a head in the checkpoint is one for classification and not of another task.</summary>
    public bool AcceptsHead { get; }

    public static HeadPlan Of(Encoder encoder, Pooling pooling, int tensors, string source) => encoder.Layers <= Math.Max(MaxLayers, tensors)
        ? new HeadPlan(encoder, pooling)
        : throw new CheckpointFormatException($"{source}: config.json asks for {encoder.Layers} layers, the weights are {tensors} tensors.");

    public bool IsHead(string key) => _two.IsHead(key);

    /// <summary>Whether the key belongs to a head of the family that is not used here.</summary>
    public bool IsKnownHead(string key) => _family.IsHead(key) || _two.IsHead(key);

    /// <summary>Head weights that are not there.</summary>
    public IReadOnlyList<string> Missing(IReadOnlyDictionary<string, WeightTensor> weights) =>
        [.. Keys.Where(key => !weights.ContainsKey(key)).Order(StringComparer.Ordinal)];

    /// <summary>Checks shapes and element types; the number of labels of the head, or null where there is none.</summary>
    public int? Check(IReadOnlyDictionary<string, WeightTensor> weights, string source)
    {
        int? labels = null;
        foreach (var (key, weight) in weights)
        {
            var expected = _two.Weights[key];
            var axis = LabelAxis(key);
            if (axis >= 0 && weight.Shape.Length == expected.Length)
            {
                labels ??= weight.Shape[axis];
                expected = expected.SetItem(axis, labels.Value);
            }

            CheckWeight(key, weight, expected, source);
        }

        return labels is 0 ? throw new CheckpointFormatException($"{source}: the classification head has no labels.") : labels;
    }

    private int LabelAxis(string key)
    {
        var (two, three) = (_two.Weights[key], _three.Weights[key]);
        return Enumerable.Range(0, two.Length).FirstOrDefault(axis => two[axis] != three[axis], -1);
    }

    private static void CheckWeight(string key, WeightTensor weight, ImmutableArray<int> expected, string source)
    {
        if (!weight.Shape.SequenceEqual(expected))
        {
            throw new CheckpointFormatException(
                $"{source}: '{key}' has the shape {new Shape(weight.Shape)}, config.json asks for {new Shape(expected)}.");
        }

        if (!weight.IsFloating)
        {
            throw new CheckpointFormatException(
                $"{source}: '{key}' holds {weight.Type} numbers. Of quantised checkpoints only those are read that this library stores itself, "
                + $"as Int8 with the scales '{key}_scale' beside it; use one in float32, float16 or bfloat16.");
        }
    }
}
