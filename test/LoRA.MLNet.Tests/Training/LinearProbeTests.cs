using LoRA.MLNet.Training;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LoRA.MLNet.Tests.Training;

[TestClass]
public sealed class LinearProbeTests
{
    private const double Ridge = 0.1;
    private const int Rows = 40;
    private const int Width = 6;

    [TestMethod]
    public void Ridge_regression_solves_the_normal_equations()
    {
        using var scope = torch.NewDisposeScope();
        var (x, shares) = (Features(), torch.ones(Rows) / Rows);
        var y = torch.randn(Rows, 2, generator: new torch.Generator(2));
        var (weight, bias) = LinearProbe.Fit(x, y, shares, TrainingTask.Regression, bias: true);

        var centred = x - x.mean([0L], keepdim: true);
        var penalty = Ridge / Rows * x.square().sum().item<float>() / Rows * torch.eye(Width);
        var expected = torch.linalg.solve((centred.t().matmul(centred) / Rows) + penalty, centred.t().matmul(y) / Rows).t();
        AssertClose(expected, weight, 1e-4);
        AssertClose(y.mean([0L]), (x.matmul(weight.t()) + bias).mean([0L]), 1e-4);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Logistic_regression_ends_where_its_gradient_is_zero(bool hasBias)
    {
        using var scope = torch.NewDisposeScope();
        var x = Features();
        var classes = torch.arange(Rows) % 3;
        var shares = functional.softmax(torch.randn(Rows, generator: new torch.Generator(3)), dim: 0);
        var (weight, bias) = LinearProbe.Fit(x, functional.one_hot(classes, 3).to(ScalarType.Float32), shares, TrainingTask.Classification, hasBias);

        var scale = shares.matmul(x.square().sum(dim: 1)).item<float>();
        var (w, b) = (weight.clone().requires_grad_(), bias.clone().requires_grad_());
        var loss = (functional.cross_entropy(functional.linear(x, w, b), classes, reduction: Reduction.None) * shares).sum()
            + (Ridge / Rows / 2 * scale * w.square().sum());
        loss.backward();
        AssertClose(torch.zeros(3, Width), w.grad!, 1e-3);
        AssertClose(torch.zeros(3), hasBias ? b.grad! : bias, 1e-3);
    }

    [TestMethod]
    public void Features_that_tell_nothing_give_the_shares_of_the_classes()
    {
        using var scope = torch.NewDisposeScope();
        var targets = functional.one_hot(torch.tensor([0L, 0L, 0L, 1L]), 2).to(ScalarType.Float32);
        var (weight, bias) = LinearProbe.Fit(torch.ones(4, Width), targets, torch.ones(4) / 4, TrainingTask.Classification, bias: true);
        AssertClose(torch.tensor([0.75f, 0.25f]), functional.softmax(functional.linear(torch.ones(Width), weight, bias), dim: 0), 1e-3);
    }

    // neither centred nor of unit size, and of unlike spreads
    private static Tensor Features() =>
        (torch.randn(Rows, Width, generator: new torch.Generator(1)) * torch.tensor([2f, 2f, 2f, 1f, 1f, 1f])) + 1;

    private static void AssertClose(Tensor expected, Tensor found, double tolerance) =>
        Assert.IsLessThan(tolerance, (expected - found).abs().max().item<float>());
}
