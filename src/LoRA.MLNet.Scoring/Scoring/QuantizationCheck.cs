using Microsoft.ML;

namespace LoRA.MLNet.Scoring;

/// <summary>Adds up how the predictions of 8-bit integers differ from those of floats, and both from the labels.</summary>
internal sealed class QuantizationCheck
{
    private readonly List<double> _targets = [];
    private long _rows;
    private long _same;
    private double _largest;
    private (double Floats, double Integers) _right;
    private (double Floats, double Integers) _squaredError;

    /// <summary>Scores the rows with both models, once each.</summary>
    /// <param name="floats">A model that scores in floats.</param>
    /// <param name="integers">The same model, scoring in integers.</param>
    /// <param name="data">The rows.</param>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    public static QuantizationReport Run(LoraTextTransformer floats, LoraTextTransformer integers, IDataView data)
    {
        var check = new QuantizationCheck();
        using var before = new PredictionReader(floats, data);
        using var after = new PredictionReader(integers, data);
        while (before.MoveNext() && after.MoveNext())
        {
            check.Add(before, after);
        }

        return check._rows > 0 ? check.Report(floats.Task == TextTask.Regression) : throw new ArgumentException(
            "The validation data has no rows to measure the cost of 8-bit integers on; give some that the model was not trained on.", nameof(data));
    }

    private void Add(PredictionReader before, PredictionReader after)
    {
        _rows++;
        _same += before.Class == after.Class ? 1 : 0;
        for (var i = 0; i < before.Values.Length; i++)
        {
            _largest = Math.Max(_largest, Math.Abs(before.Values[i] - after.Values[i]));
        }

        var target = before.Target;
        if (!double.IsNaN(target))
        {
            _targets.Add(target);
            _right.Floats += before.Class == target ? 1 : 0;
            _right.Integers += after.Class == target ? 1 : 0;
            _squaredError.Floats += Square(before.Values[0] - target);
            _squaredError.Integers += Square(after.Values[0] - target);
        }
    }

    private QuantizationReport Report(bool regression)
    {
        double count = _targets.Count;
        var mean = count == 0 ? 0 : _targets.Average();
        var variance = _targets.Sum(target => Square(target - mean));
        double? OfClasses(double value) => regression || count == 0 ? null : value / count;
        double? OfNumbers(double squaredError) => !regression || count == 0 ? null : 1 - (squaredError / variance);
        return new QuantizationReport
        {
            Rows = _rows,
            LabelledRows = _targets.Count,
            Accuracy = OfClasses(_right.Floats),
            QuantizedAccuracy = OfClasses(_right.Integers),
            RSquared = OfNumbers(_squaredError.Floats),
            QuantizedRSquared = OfNumbers(_squaredError.Integers),
            Agreement = regression ? null : (double)_same / _rows,
            LargestDifference = _largest,
        };
    }

    private static double Square(double value) => value * value;
}
