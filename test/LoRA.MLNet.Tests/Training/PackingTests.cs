using LoRA.MLNet.Checkpoints;
using LoRA.MLNet.Encoders;
using LoRA.MLNet.Tests.Torch;
using LoRA.MLNet.Tokenization;
using LoRA.MLNet.Torch;
using LoRA.MLNet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace LoRA.MLNet.Tests.Training;

[TestClass]
public sealed class PackingTests
{
    public static IEnumerable<object[]> Models => SharedFolder.Folders(SharedFolder.Golden, "models");

    [TestMethod, TestCategory("Golden"), DynamicData(nameof(Models))]
    public void Packed_rows_give_the_reference_logits(string name)
    {
        var folder = SharedFolder.Require(SharedFolder.Golden, "models", name);
        var encoder = GoldenEncoder.Read(folder);
        if (!encoder.MeetsInAttentionOnly)
        {
            Assert.Inconclusive($"{encoder.GetType().Name} takes padded rows only.");
        }

        var expected = new GoldenTensors(Path.Combine(folder, "expected.safetensors"));
        using var weights = new TorchWeights(
            new GoldenTensors(Path.Combine(folder, "model.safetensors")).All, new Dictionary<string, WeightTensor>(), ScalarType.Float32, torch.CPU);
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var padded = GoldenEncoder.Inputs(expected);
        var order = padded.AttentionMask.sum(1).argsort(descending: true);
        Tensor Sorted(Tensor x) => x.index_select(0, order);
        var mask = Sorted(padded.AttentionMask);
        var packing = new RowPacking([.. mask.sum(1).data<long>().Select(length => (int)length)], torch.CPU);
        Tensor Packed(Tensor ids) => packing.All.PackIds(Sorted(ids)).unsqueeze(0);
        var inputs = new EncoderInputs<Tensor>(Packed(padded.InputIds), mask, Packed(padded.TokenTypeIds));
        var operations = new PackedOperations(new TorchOperations(weights), packing);
        var logits = encoder.Classify(operations, encoder.Encode(operations, inputs), inputs, expected.Shape("logits")[1], Pooling.Family);
        GoldenEncoder.AssertClose(expected.Floats("logits"), logits.index_select(0, order.argsort()).contiguous().data<float>().ToArray(), 1e-4f, "logits");
    }

    [TestMethod]
    [DataRow(Pooling.Family, false)]
    [DataRow(Pooling.Mean, false)]
    [DataRow(Pooling.FirstToken, true)]
    public void Training_packed_rows_gives_the_weights_of_padded_rows(Pooling pooling, bool checkpointing)
    {
        var options = new TrainingOptions
        {
            Epochs = 2, BatchSize = 8, Dropout = false, GradientCheckpointing = checkpointing, Precision = TrainingPrecision.Float32, Seed = 3,
        };
        var input = TinyModel.Input() with { Pooling = pooling };
        var packed = TrainingLoop.Run(options, input);
        var padded = TrainingLoop.Run(options, input with { Optimizations = new() { Packing = false } });
        for (var epoch = 0; epoch < 2; epoch++)
        {
            Assert.AreEqual(padded.Report.Epochs[epoch].Loss, packed.Report.Epochs[epoch].Loss, 1e-4);
        }

        foreach (var (key, weight) in padded.Weights)
        {
            GoldenEncoder.AssertClose(weight.ToFloats(), packed.Weights[key].ToFloats(), 1e-4f, key);
        }
    }

    [TestMethod]
    public void Rows_of_like_length_are_grouped()
    {
        CollectionAssert.AreEqual(new[] { 1, 2, 3 }, LengthGroups.Of([400, 200, 199, 20, 19, 18]).ToArray());
        CollectionAssert.AreEqual(new[] { 4 }, LengthGroups.Of([12, 9, 5, 2]).ToArray());
        CollectionAssert.AreEqual(new[] { 1 }, LengthGroups.Of([7]).ToArray());
    }

    [TestMethod]
    public void Groups_attend_as_one_batch()
    {
        using var scope = torch.NewDisposeScope();
        using var weights = new TorchWeights(
            new Dictionary<string, WeightTensor>(), new Dictionary<string, WeightTensor>(), ScalarType.Float32, torch.CPU);
        int[] lengths = [200, 190, 60, 7, 7];
        var packing = new RowPacking(lengths, torch.CPU);
        Assert.IsGreaterThan(1, packing.Groups.Count);
        var (query, key, value) = (Random(lengths.Sum()), Random(lengths.Sum()), Random(lengths.Sum()));
        var mask = torch.tensor([.. lengths.SelectMany(length => Enumerable.Range(0, 200).Select(i => i < length ? 1L : 0))], [5, 200]);
        var plain = new TorchOperations(weights);
        var bias = plain.MaskBias(mask) + torch.randn(1, 2, 200, 200);
        var packed = new PackedOperations(plain, packing).Attention("a", query, key, value, bias, 0.5, 0);
        var padded = packing.All.Pack(plain.Attention("a", Padded(query), Padded(key), Padded(value), bias, 0.5, 0).transpose(1, 2).reshape(5, 200, 8));
        GoldenEncoder.AssertClose(padded.data<float>().ToArray(), packed.transpose(1, 2).contiguous().data<float>().ToArray(), 1e-5f, "context");
        var gradient = Gradient(packed.transpose(1, 2).reshape(-1, 8), key);
        GoldenEncoder.AssertClose(Gradient(padded, key), gradient, 1e-4f, "gradient of the keys");

        Tensor Padded(Tensor x) => packing.All.Unpack(x.transpose(1, 2).reshape(-1, 8)).view(5, 200, 2, 4).transpose(1, 2);
        static Tensor Random(int tokens) => torch.randn(1, 2, tokens, 4, requires_grad: true);
        static float[] Gradient(Tensor result, Tensor of) =>
            torch.autograd.grad([result.square().sum()], [of], retain_graph: true)[0].contiguous().data<float>().ToArray();
    }

    [TestMethod]
    public void Tokens_are_filled_up_where_attention_pads_anyway()
    {
        using var scope = torch.NewDisposeScope();
        CollectionAssert.AreEqual(new[] { 12, 12, 8 }, Lengths(12, 8, 5));
        CollectionAssert.AreEqual(new[] { 6, 5, 5 }, Lengths(5, 5, 5));
        CollectionAssert.AreEqual(new[] { TinyModel.Encoder.MaxPositions, 31 }, Lengths(31, 31));
        CollectionAssert.AreEqual(new[] { 32, 32, 32 }, Lengths(32, 32, 31));

        static int[] Lengths(params int[] lengths) =>
            [.. TorchBatch.Packed(
                [.. lengths.Select(length => new TrainingRow(new TokenIds(new int[length], [], Truncated: false), 0))],
                TinyModel.Encoder, TrainingTask.Classification, torch.CPU).Packing!.Lengths];
    }

    [TestMethod]
    public void A_row_without_tokens_trains()
    {
        var input = TinyModel.Input();
        TrainingRow[] rows = [.. input.Rows, new TrainingRow(new TokenIds([], [], Truncated: false), 0)];
        var report = TrainingLoop.Run(new TrainingOptions { Epochs = 1, Seed = 3 }, input with { Rows = rows }).Report;
        Assert.IsTrue(double.IsFinite(report.Epochs[0].Loss));
    }
}
