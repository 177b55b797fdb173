namespace LoRA.MLNet;

/// <summary>What scoring in 8-bit integers costs, measured on rows that <see cref="LoraTextTransformer.Quantize"/> was given.</summary>
public sealed record QuantizationReport
{
    /// <summary>Rows scored both ways.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows among them that have a label; the accuracies are theirs.</summary>
    public required long LabelledRows { get; init; }

    /// <summary>Share of labelled rows that 32-bit floats predict right; null in regression, and where no row has a label.</summary>
    public required double? Accuracy { get; init; }

    /// <summary>The same of 8-bit integers.</summary>
    public required double? QuantizedAccuracy { get; init; }

    /// <summary>Coefficient of determination of the predictions of 32-bit floats in regression; null otherwise, and where no row has a label.</summary>
    public required double? RSquared { get; init; }

    /// <summary>The same of 8-bit integers.</summary>
    public required double? QuantizedRSquared { get; init; }

    /// <summary>Share of rows for which both predict the same class; null in regression.</summary>
    public required double? Agreement { get; init; }

    /// <summary>
    /// Largest difference between the two in any row: of a class's probability, or in regression of the prediction, in units of the label.
    /// </summary>
    public required double LargestDifference { get; init; }
}
