using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LoRA.MLNet.Training;

/// <summary>
/// How well the features of the encoder as it is tell classes apart: the balanced accuracy of <see cref="LinearProbe"/> on rows that it was
/// not fitted to, in five folds.
/// </summary>
/// <param name="Accuracy">The mean over the classes of the share of their rows that are recognized.</param>
/// <param name="Chance">What guessing reaches.</param>
/// <param name="Deviation">The standard deviation of what guessing reaches with so many rows.</param>
internal sealed record ClassSeparation(double Accuracy, double Chance, double Deviation)
{
    private const int Folds = 5;
    private const double Deviations = 2;

    // a smaller difference from guessing is of little use
    private const double Useful = 0.1;

    /// <summary>Whether it is more than a lucky guess.</summary>
    public bool IsReal => Accuracy > Chance + (Deviations * Deviation);

    /// <summary>Whether there are enough rows for a useful difference to show.</summary>
    public bool IsSharp => Deviations * Deviation < Useful;

    /// <summary>Measures.</summary>
    /// <param name="features">[n, h].</param>
    /// <param name="classes">[n].</param>
    public static ClassSeparation Of(Tensor features, Tensor classes)
    {
        using var scope = torch.NewDisposeScope();
        var labels = classes.cpu().data<long>().ToArray();
        var folds = FoldOf(labels);
        var predicted = new long[labels.Length];
        Array.Fill(predicted, -1);
        for (var fold = 0; fold < Folds; fold++)
        {
            Predict(features, labels, [.. Rows(other => other != fold)], [.. Rows(other => other == fold)], predicted);
        }

        var counts = labels.CountBy(label => label).ToDictionary();
        var recalls = counts.Select(count => labels.Zip(predicted).Count(row => row == (count.Key, count.Key)) / (double)count.Value);
        var chance = 1.0 / counts.Count;
        var variance = counts.Values.Sum(count => chance * (1 - chance) / count) * chance * chance;
        return new ClassSeparation(recalls.Average(), chance, Math.Sqrt(variance));

        IEnumerable<long> Rows(Func<int, bool> ofFold) =>
            Enumerable.Range(0, folds.Length).Where(row => ofFold(folds[row])).Select(row => (long)row);
    }

    // rows of a class take turns
    private static int[] FoldOf(long[] labels)
    {
        var seen = new Dictionary<long, int>();
        return [.. labels.Select(label => (seen[label] = seen.GetValueOrDefault(label) + 1) % Folds)];
    }

    private static void Predict(Tensor features, long[] labels, long[] known, long[] unknown, long[] predicted)
    {
        if (known.Length == 0 || unknown.Length == 0)
        {
            return;
        }

        using var scope = torch.NewDisposeScope();
        Tensor Of(long[] rows) => features.index_select(0, torch.tensor(rows, device: features.device));
        var (outputs, classes) = ((int)labels.Max() + 1, known.Select(row => labels[row]).ToArray());
        var weights = ClassWeights.Balanced.For([.. classes.Select(label => (int)label)], outputs);
        var (weight, bias) = LinearProbe.Fit(
            Of(known), torch.tensor(classes, device: features.device), outputs, weights, TrainingTask.Classification, bias: true);
        var found = functional.linear(Of(unknown), weight, bias).argmax(1).cpu().data<long>().ToArray();
        for (var row = 0; row < unknown.Length; row++)
        {
            predicted[unknown[row]] = found[row];
        }
    }
}
