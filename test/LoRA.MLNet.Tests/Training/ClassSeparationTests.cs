using LoRA.MLNet.Torch;
using LoRA.MLNet.Training;
using TorchSharp;

namespace LoRA.MLNet.Tests.Training;

/// <summary>Whether features tell classes apart, on rows that were not looked at.</summary>
[TestClass]
public sealed class ClassSeparationTests
{
    public ClassSeparationTests() => TorchRuntime.EnsureLoaded();

    [TestMethod]
    public void Features_that_tell_the_class_are_found()
    {
        using var scope = torch.NewDisposeScope();
        var classes = torch.arange(60) % 3;
        var noise = torch.randn(60, 8, generator: new torch.Generator(1));
        var told = ClassSeparation.Of(noise + (3 * torch.nn.functional.one_hot(classes, 8)), classes);
        Assert.IsGreaterThan(0.8, told.Accuracy);
        Assert.AreEqual(1.0 / 3, told.Chance, 1e-12);
        // three classes of 20: sqrt(3 * (1/3 * 2/3 / 20)) / 3
        Assert.AreEqual(0.0609, told.Deviation, 1e-4);
        Assert.IsTrue(told.IsReal);
    }

    [TestMethod]
    [DataRow(2, 50, false)]
    [DataRow(2, 52, true)]
    [DataRow(7, 8, true)]
    [DataRow(3, 16, false)]
    public void Few_rows_do_not_show_a_difference_of_ten_points(int classes, int perClass, bool sharp)
    {
        using var scope = torch.NewDisposeScope();
        Assert.AreEqual(sharp, ClassSeparation.Of(torch.ones(classes * perClass, 2), torch.arange(classes * perClass) % classes).IsSharp);
    }

    [TestMethod]
    public void Noise_is_not_taken_for_knowledge_though_it_tells_the_fitted_rows_apart()
    {
        var real = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            using var scope = torch.NewDisposeScope();
            var found = ClassSeparation.Of(torch.randn(60, 100, generator: new torch.Generator((ulong)seed)), torch.arange(60) % 3);
            real += found.IsReal ? 1 : 0;
        }

        Assert.IsLessThanOrEqualTo(3, real);
    }

    [TestMethod]
    public void Classes_count_alike_however_many_rows_they_have()
    {
        using var scope = torch.NewDisposeScope();
        var classes = torch.tensor([.. Enumerable.Range(0, 60).Select(row => row < 50 ? 0L : 1L)]);
        var found = ClassSeparation.Of(torch.ones(60, 4), classes);
        Assert.AreEqual(0.5, found.Accuracy, 1e-12, "one class is all right and the other all wrong");
        Assert.IsFalse(found.IsReal);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void A_row_a_class_tells_nothing(int classes)
    {
        using var scope = torch.NewDisposeScope();
        var found = ClassSeparation.Of(torch.eye(classes), torch.arange(classes));
        Assert.AreEqual(0, found.Accuracy);
        Assert.IsFalse(found.IsReal);
    }

    [TestMethod]
    public void Leaves_no_tensor_behind()
    {
        using var scope = torch.NewDisposeScope();
        var (features, classes) = (torch.randn(20, 4), torch.arange(20) % 2);
        var before = torch.Tensor.TotalCount;
        ClassSeparation.Of(features, classes);
        Assert.AreEqual(before, torch.Tensor.TotalCount);
    }
}
