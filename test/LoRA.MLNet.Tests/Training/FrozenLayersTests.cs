using LoRA.MLNet.Tests.Torch;
using LoRA.MLNet.Torch;
using LoRA.MLNet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace LoRA.MLNet.Tests.Training;

[TestClass]
public sealed class FrozenLayersTests
{
    private static readonly TrainingOptions s_options = new()
    {
        Epochs = 3, BatchSize = 8, LearningRate = 1e-2, Seed = 5, Threads = 1, Precision = TrainingPrecision.Float32, Dropout = false,
    };

    public static IEnumerable<object[]> Methods =>
    [
        [new LoraOptions { LayersToTransform = [1] }, 1],
        [new HeadFineTuning(), 2],
        [new LoraOptions(), 0],
        [new FullFineTuning(), 0],
    ];

    [TestMethod, DynamicData(nameof(Methods))]
    public void Epochs_above_frozen_layers_give_the_same(FineTuningMethod method, int layers)
    {
        var input = TinyModel.Input(method);
        var cached = TrainingLoop.Run(s_options, input);
        var computed = TrainingLoop.Run(s_options, input with { Optimizations = new() { CacheFrozenLayers = false } });
        Assert.AreEqual((layers, 0), (cached.CachedLayers, computed.CachedLayers));
        for (var epoch = 0; epoch < s_options.Epochs; epoch++)
        {
            Assert.AreEqual(computed.Report.Epochs[epoch].Loss, cached.Report.Epochs[epoch].Loss, 1e-5);
        }

        foreach (var (key, weight) in computed.Weights)
        {
            GoldenEncoder.AssertClose(weight.ToFloats(), cached.Weights[key].ToFloats(), 1e-4f, key);
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Nothing_is_kept_where_something_is_dropped_below(bool fastDropout)
    {
        var input = TinyModel.Input(new LoraOptions { LayersToTransform = [1] }) with { Optimizations = new() { FastDropout = fastDropout } };
        Assert.AreEqual(0, TrainingLoop.Run(s_options with { Dropout = true }, input).CachedLayers);
    }

    [TestMethod]
    public void Nothing_is_kept_of_padded_rows_or_for_one_epoch()
    {
        var input = TinyModel.Input(new HeadFineTuning());
        Assert.AreEqual(0, TrainingLoop.Run(s_options, input with { Optimizations = new() { Packing = false } }).CachedLayers);
        Assert.AreEqual(0, TrainingLoop.Run(s_options with { Epochs = 1 }, input).CachedLayers);
    }

    [TestMethod]
    public void Rows_beyond_the_memory_are_not_kept()
    {
        Assert.IsTrue(FrozenStates.Fit(1000, 768, ScalarType.BFloat16));
        Assert.IsFalse(FrozenStates.Fit(1L << 50, 768, ScalarType.BFloat16));
    }

    [TestMethod]
    public void Layers_below_the_lowest_adapter_have_no_gradient()
    {
        using var scope = torch.NewDisposeScope();
        var input = TinyModel.Input(new LoraOptions { LayersToTransform = [1], Dropout = 0.1 });
        using var weights = new TorchWeights(input.Weights, input.Adaptation.Weights, ScalarType.Float32, torch.CPU);
        var recording = new GradientRecorder(new TorchOperations(weights, new TorchDropout(1)));
        var batch = TorchBatch.Of(input.Rows, input.Encoder, input.Task, torch.CPU);
        input.Encoder.Encode(input.Adaptation.Decorate(recording, training: true), batch.Inputs);
        CollectionAssert.AreEqual(new[] { false, false, true }, recording.Blocks);
    }
}
