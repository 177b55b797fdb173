using LoRA.MLNet.Checkpoints;
using static LoRA.MLNet.Onnx.OnnxAttribute;
using static LoRA.MLNet.Onnx.Proto.TensorProto.Types;

namespace LoRA.MLNet.Onnx;

/// <summary>
/// The weights of a graph by Hugging Face key: initialisers, except those that were declared to be inputs of the graph. An input is a float
/// value under the weight's key, in the checkpoint's layout, with every axis open, so that adapters of any rank and heads of any size fit.
/// </summary>
/// <param name="graph">The graph that is written.</param>
/// <param name="weights">Weights by key; those in <paramref name="inputs"/> are not needed.</param>
/// <param name="inputs">Keys of the weights that are graph inputs.</param>
internal sealed class OnnxWeights(OnnxGraph graph, IReadOnlyDictionary<string, WeightTensor> weights, IReadOnlySet<string> inputs)
{
    private readonly Dictionary<string, OnnxValue> _declared = new(StringComparer.Ordinal);

    public bool IsInput(string key) => inputs.Contains(key);

    /// <summary>A weight as the checkpoint stores it; a size of 0 in <paramref name="shape"/> stands for any.</summary>
    public OnnxValue Get(string key, params ReadOnlySpan<int> shape) =>
        IsInput(key) ? Declare(key, shape.Length) : FromCheckpoint(key, Find(key, shape));

    /// <summary>
    /// Rows of a matrix, [count, width] at ids → ids' shape with the width. The matrix stays as it is stored, and what is looked up becomes
    /// floats: most rows of a large vocabulary are never read.
    /// </summary>
    public OnnxValue Rows(string key, OnnxValue ids, int count, int width)
    {
        if (IsInput(key))
        {
            return Gather(Get(key, count, width), ids);
        }

        var weight = Find(key, count, width);
        return weight.Type switch
        {
            ElementType.Float16 => ToFloat(Gather(Stored(key, DataType.Float16, weight), ids)),
            ElementType.BFloat16 => ToFloat(Gather(Stored(key, DataType.Bfloat16, weight), ids)),
            ElementType.Int8 => graph.Node(
                "Mul", ids.Rank + 1, [ToFloat(Gather(Stored(key, DataType.Int8, weight), ids)), Gather(Scales(key, weight), ids)]),
            _ => Gather(FromCheckpoint(key, weight), ids),
        };
    }

    /// <summary>A stored matrix for reading or conversion; not for a graph input.</summary>
    /// <exception cref="ArgumentException">The weight is missing or has another shape.</exception>
    public WeightTensor Find(string key, params ReadOnlySpan<int> shape)
    {
        if (!weights.TryGetValue(key, out var weight))
        {
            throw new ArgumentException($"The graph needs the weight '{key}', which was not given.", nameof(key));
        }

        return Fits(weight.Shape.AsSpan(), shape)
            ? weight
            : throw new ArgumentException(
                $"The weight '{key}' has the shape [{string.Join(", ", weight.Shape)}], expected [{string.Join(", ", shape.ToArray())}].", nameof(key));
    }

    private static bool Fits(ReadOnlySpan<int> shape, ReadOnlySpan<int> expected)
    {
        var fits = shape.Length == expected.Length;
        for (var i = 0; fits && i < shape.Length; i++)
        {
            fits = expected[i] == 0 || expected[i] == shape[i];
        }

        return fits;
    }

    private OnnxValue FromCheckpoint(string key, WeightTensor weight) => graph.Initializer(key, () => OnnxInitializer.Of(key, weight));

    private OnnxValue Stored(string key, DataType type, WeightTensor weight)
    {
        var name = $"{key}:{type}";
        return graph.Initializer(name, () => OnnxInitializer.AsStored(name, type, weight));
    }

    private OnnxValue Scales(string key, WeightTensor weight)
    {
        var name = $"{key}:scale";
        return graph.Initializer(
            name, () => OnnxInitializer.Of(name, DataType.Float, weight.RowScales.AsSpan(), weight.RowScales.Length, 1));
    }

    private OnnxValue Gather(OnnxValue table, OnnxValue ids) => graph.Node("Gather", ids.Rank + table.Rank - 1, [table, ids], Int("axis", 0));

    private OnnxValue ToFloat(OnnxValue x) => graph.Node("Cast", x.Rank, [x], Int("to", (long)DataType.Float));

    private OnnxValue Declare(string key, int rank)
    {
        if (!_declared.TryGetValue(key, out var value))
        {
            var axes = Enumerable.Range(0, rank).Select(axis => (OnnxAxis)$"{key}:{axis}").ToArray();
            _declared[key] = value = graph.Input(key, DataType.Float, axes);
        }

        return value;
    }
}
