using System.Globalization;

namespace LoRA.MLNet;

/// <summary>The loss or the gradient became infinite or not a number. No model comes of such a run.</summary>
public sealed class TrainingDivergedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public TrainingDivergedException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public TrainingDivergedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public TrainingDivergedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    private TrainingDivergedException(int epoch, int step, double loss, double gradientNorm, TrainingOptions options)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"Training diverged in epoch {epoch}, step {step}: the loss is {loss}, the gradient's norm {gradientNorm}; both must be finite. "
            + $"Try a lower LearningRate (found {options.LearningRate}), a longer warm-up (WarmupFraction, found {options.WarmupFraction}), "
            + $"a lower MaxGradNorm (found {Text(options.MaxGradNorm)}), or Precision = Float32; in regression, check the scale of the labels."))
    {
        Epoch = epoch;
        Step = step;
    }

    /// <summary>The epoch in which it happened, from 1; 0 in the contrastive stage.</summary>
    public int Epoch { get; }

    /// <summary>The step of the run, or of the contrastive stage, in which it happened, from 1.</summary>
    public int Step { get; }

    /// <summary>Throws unless both the loss and the gradient's norm are finite.</summary>
    internal static void ThrowIfNotFinite(int epoch, int step, double loss, double gradientNorm, TrainingOptions options)
    {
        if (!double.IsFinite(loss) || !double.IsFinite(gradientNorm))
        {
            throw new TrainingDivergedException(epoch, step, loss, gradientNorm, options);
        }
    }

    private static string Text(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "none";
}
