using LoRA.MLNet.Checkpoints;
using LoRA.MLNet.Operations;
using static LoRA.MLNet.Onnx.OnnxAttribute;
using static LoRA.MLNet.Onnx.Proto.TensorProto.Types;

namespace LoRA.MLNet.Onnx;

/// <summary>
/// Writes an encoder as an ONNX graph: every operation becomes nodes of the standard opset 17, for any batch and any length. The graph is for
/// scoring, so dropout is left out.
/// </summary>
/// <param name="graph">The graph that is written.</param>
/// <param name="weights">Its weights: initialisers, or inputs.</param>
internal sealed class OnnxOperations(OnnxGraph graph, OnnxWeights weights) : IOperations<OnnxValue>
{
    private readonly OnnxLinear _linear = new(graph, weights);
    private readonly List<(object Values, OnnxValue Table)> _tables = [];

    /// <summary>The graph that is written.</summary>
    public OnnxGraph Graph => graph;

    /// <summary>The weights of the graph.</summary>
    public OnnxWeights Weights => weights;

    public OnnxValue Linear(string path, OnnxValue x, int outFeatures, bool bias = true, bool transposed = false) =>
        _linear.Write(path, x, outFeatures, bias, transposed);

    public OnnxValue Embedding(string path, OnnxValue ids, int count, int width) =>
        weights.Rows($"{path}.weight", ids, count, width);

    public OnnxValue LayerNorm(string path, OnnxValue x, double epsilon, bool bias = true)
    {
        var weight = weights.Get($"{path}.weight", 0);
        ReadOnlySpan<OnnxValue> inputs = bias ? [x, weight, weights.Get($"{path}.bias", 0)] : [x, weight];
        return graph.Node("LayerNormalization", x.Rank, inputs, Int("axis", -1), Float("epsilon", epsilon));
    }

    public OnnxValue Convolution(string path, OnnxValue x, int outFeatures, int kernel, int groups)
    {
        var weight = weights.Get($"{path}.weight", outFeatures, 0, kernel);
        var left = (kernel - 1) / 2;
        var y = graph.Node(
            "Conv", 3, [Transpose(x, 0, 2, 1), weight, weights.Get($"{path}.bias", outFeatures)],
            Int("group", groups), Ints("kernel_shape", kernel), Ints("pads", left, kernel - 1 - left));
        return Transpose(y, 0, 2, 1);
    }

    public OnnxValue Weight(string key, params ReadOnlySpan<int> shape) => weights.Get(key, shape);

    public OnnxValue Attention(
        string path, OnnxValue query, OnnxValue key, OnnxValue value, OnnxValue bias, double scale, double dropout)
    {
        var scores = Scale(MatMul(query, Transpose(key, 0, 1, 3, 2)), scale);
        return MatMul(Softmax(Add(scores, bias)), value);
    }

    public OnnxValue Block(string path, OnnxValue x, Func<OnnxValue, OnnxValue> body) => body(x);

    public OnnxValue Add(OnnxValue left, OnnxValue right) => Binary("Add", left, right);

    public OnnxValue Subtract(OnnxValue left, OnnxValue right) => Binary("Sub", left, right);

    public OnnxValue Multiply(OnnxValue left, OnnxValue right) => Binary("Mul", left, right);

    public OnnxValue Divide(OnnxValue left, OnnxValue right) => Binary("Div", left, right);

    public OnnxValue Scale(OnnxValue x, double factor) => factor == 1 ? x : Binary("Mul", x, graph.Number(factor));

    public OnnxValue MatMul(OnnxValue left, OnnxValue right) => Binary("MatMul", left, right);

    public OnnxValue Activation(Activation activation, OnnxValue x) => OnnxActivations.Write(graph, activation, x);

    public OnnxValue Softmax(OnnxValue x) => graph.Node("Softmax", x.Rank, [x], Int("axis", -1));

    public OnnxValue Dropout(OnnxValue x, double probability) => x;

    public OnnxValue Norm(OnnxValue x, int axis) => graph.Node("ReduceL2", x.Rank, [x], Ints("axes", axis), Int("keepdims", 1));

    public OnnxValue Detach(OnnxValue x) => x;

    public OnnxValue Reshape(OnnxValue x, params ReadOnlySpan<int> shape) =>
        graph.Node("Reshape", shape.Length, [x, graph.Integers(Long(shape))]);

    public OnnxValue Transpose(OnnxValue x, params ReadOnlySpan<int> axes) =>
        graph.Node("Transpose", axes.Length, [x], Ints("perm", Long(axes)));

    public OnnxValue[] Split(OnnxValue x, int parts) => graph.NodeOfMany("Split", x.Rank, parts, [x], Int("axis", -1));

    public OnnxValue Concat(int axis, params ReadOnlySpan<OnnxValue> parts) =>
        graph.Node("Concat", parts[0].Rank, parts, Int("axis", axis));

    public OnnxValue Slice(OnnxValue x, int axis, int start, int end) =>
        graph.Node("Slice", x.Rank, [x, graph.Integers(start), graph.Integers(end), graph.Integers(axis)]);

    public OnnxValue Select(OnnxValue x, int axis, int index) =>
        graph.Node("Gather", x.Rank - 1, [x, graph.Integer(index)], Int("axis", axis));

    public OnnxValue GatherLast(OnnxValue x, OnnxValue index)
    {
        var outer = graph.Node("Shape", 1, [x], Int("end", -1));
        var last = graph.Node("Shape", 1, [index], Int("start", -1));
        var expanded = graph.Node("Expand", x.Rank, [index, Concat(0, outer, last)]);
        return graph.Node("GatherElements", x.Rank, [x, expanded], Int("axis", -1));
    }

    public OnnxValue Lookup(float[] table, int width, OnnxValue index)
    {
        long[] dims = width == 1 ? [table.Length] : [table.Length / width, width];
        var constant = Table(table, name => OnnxInitializer.Of<float>(name, DataType.Float, table, dims));
        return graph.Node("Gather", index.Rank + dims.Length - 1, [constant, index], Int("axis", 0));
    }

    public OnnxValue Positions(OnnxValue ids) => OnnxSequences.Positions(graph, ids);

    public OnnxValue PositionsPastPadding(OnnxValue ids, int padId) => OnnxSequences.PositionsPastPadding(graph, ids, padId);

    public OnnxValue RelativePositions(OnnxValue ids, long[] table)
    {
        var constant = Table(table, name => OnnxInitializer.Of<long>(name, DataType.Int64, table, table.Length));
        return OnnxSequences.RelativePositions(graph, ids, constant, table.Length);
    }

    public OnnxValue MaskBias(OnnxValue mask) => OnnxSequences.MaskBias(graph, mask);

    public OnnxValue MaskValues(OnnxValue mask) => OnnxSequences.MaskValues(graph, mask);

    public OnnxValue MeanOverTokens(OnnxValue x, OnnxValue mask) => OnnxSequences.MeanOverTokens(graph, x, mask);

    public OnnxValue LastToken(OnnxValue x, OnnxValue ids, int padId) => OnnxSequences.LastToken(graph, x, ids, padId);

    private static long[] Long(ReadOnlySpan<int> values)
    {
        var result = new long[values.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = values[i];
        }

        return result;
    }

    private OnnxValue Binary(string operation, OnnxValue left, OnnxValue right) =>
        graph.Node(operation, Math.Max(left.Rank, right.Rank), [left, right]);

    // A table that every layer asks for anew is written once where its numbers are the same.
    private OnnxValue Table<TElement>(TElement[] values, Func<string, OnnxInitializer> make)
    {
        foreach (var (known, table) in _tables)
        {
            if (known is TElement[] same && same.AsSpan().SequenceEqual(values))
            {
                return table;
            }
        }

        var name = $"table_{_tables.Count}";
        var added = graph.Initializer(name, () => make(name));
        _tables.Add((values, added));
        return added;
    }
}
