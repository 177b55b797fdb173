using LoRA.MLNet.Training;
using TorchSharp;

namespace LoRA.MLNet.Tests.Training;

/// <summary>A head that the checkpoint lacks starts from the frozen encoder's features; nothing else is touched.</summary>
[TestClass]
public sealed class HeadStartTests
{
    // nothing trains, so what is left is the start
    private static readonly TrainingOptions s_still = new()
    {
        Epochs = 1, BatchSize = 60, LearningRate = 0, Seed = 5, Threads = 1, Precision = TrainingPrecision.Float32, Dropout = false, ContrastiveSteps = 0,
    };

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Starts_better_than_at_random(bool ofClasses)
    {
        var input = TinyModel.Headless(task: ofClasses ? TrainingTask.Classification : TrainingTask.Regression);
        var probed = TrainingLoop.Run(s_still, input).Report.Epochs[0].Loss;
        var random = TrainingLoop.Run(s_still with { HeadInitialization = HeadInitialization.Random }, input).Report.Epochs[0].Loss;
        Assert.IsLessThan(0.9 * random, probed);
    }

    [TestMethod]
    public void Changes_the_last_module_of_the_head_alone()
    {
        var input = TinyModel.Headless();
        var weights = TrainingLoop.Run(s_still, input).Weights;
        foreach (var (key, weight) in input.Adaptation.Weights)
        {
            var same = weight.ToFloats().AsSpan().SequenceEqual(weights[key].ToFloats());
            Assert.AreEqual(!key.StartsWith("classifier.", StringComparison.Ordinal), same, key);
        }
    }

    [TestMethod]
    public void Keeps_a_head_of_the_checkpoint()
    {
        var input = TinyModel.Input();
        var weights = TrainingLoop.Run(s_still, input).Weights;
        CollectionAssert.AreEqual(input.Weights["classifier.weight"].ToFloats(), weights["classifier.weight"].ToFloats());
    }

    [TestMethod]
    public void Many_rows_a_class_start_at_random()
    {
        var input = TinyModel.Headless() with { Rows = TinyModel.Rows(300, seed: 1) };
        var weights = TrainingLoop.Run(s_still, input).Weights;
        CollectionAssert.AreEqual(input.Adaptation.Weights["classifier.weight"].ToFloats(), weights["classifier.weight"].ToFloats());
    }

    [TestMethod]
    public void Weighs_rows_by_their_class()
    {
        var input = TinyModel.Headless();
        var equal = TrainingLoop.Run(s_still, input).Weights["classifier.bias"].ToFloats();
        var skewed = TrainingLoop.Run(s_still with { ClassWeights = ClassWeights.Of(100, 1, 1) }, input).Weights["classifier.bias"].ToFloats();
        Assert.IsGreaterThan(equal[0] - equal[1], skewed[0] - skewed[1]);
    }

    [TestMethod]
    public void Leaves_no_tensor_behind()
    {
        var input = TinyModel.Headless();
        TrainingLoop.Run(s_still, input);
        var before = torch.Tensor.TotalCount;
        TrainingLoop.Run(s_still, input);
        Assert.AreEqual(before, torch.Tensor.TotalCount);
    }
}
