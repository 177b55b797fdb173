namespace LoRA.MLNet.Training;

/// <summary>Checks every option at once and lists every fault.</summary>
internal static class TrainingOptionsValidation
{
    /// <exception cref="ArgumentException">At least one option is wrong.</exception>
    public static void Validate(TrainingOptions options, TrainingTask task, bool hasValidationRows)
    {
        var faults = Numbers(options).Concat(Combinations(options, task, hasValidationRows)).ToList();
        if (faults.Count > 0)
        {
            throw new ArgumentException($"{nameof(TrainingOptions)}: {string.Join(" ", faults)}", nameof(options));
        }
    }

    private static IEnumerable<string> Numbers(TrainingOptions options) => new (string Name, double Value, double Min, double Below)[]
    {
        (nameof(options.Epochs), options.Epochs, 1, double.PositiveInfinity),
        (nameof(options.BatchSize), options.BatchSize, 1, double.PositiveInfinity),
        (nameof(options.ContrastiveSteps), options.ContrastiveSteps ?? 0, 0, double.PositiveInfinity),
        (nameof(options.LearningRate), options.LearningRate, 0, double.PositiveInfinity),
        (nameof(options.HeadLearningRate), options.HeadLearningRate ?? 0, 0, double.PositiveInfinity),
        (nameof(options.WarmupFraction), options.WarmupFraction, 0, 1),
        (nameof(options.WeightDecay), options.WeightDecay, 0, double.PositiveInfinity),
        (nameof(options.Beta1), options.Beta1, 0, 1),
        (nameof(options.Beta2), options.Beta2, 0, 1),
        (nameof(options.Epsilon), options.Epsilon, 0, double.PositiveInfinity),
        (nameof(options.MaxGradNorm), options.MaxGradNorm ?? 1, double.Epsilon, double.PositiveInfinity),
        (nameof(options.GradientAccumulationSteps), options.GradientAccumulationSteps, 1, double.PositiveInfinity),
        (nameof(options.ValidationFraction), options.ValidationFraction, 0, 1),
        (nameof(options.EarlyStoppingPatience), options.EarlyStoppingPatience ?? 1, 1, double.PositiveInfinity),
        (nameof(options.LabelSmoothing), options.LabelSmoothing, 0, 1),
        (nameof(options.Threads), options.Threads ?? 1, 1, double.PositiveInfinity),
    }
    .Where(option => !(option.Value >= option.Min && option.Value < option.Below))
    .Select(option => $"{option.Name} must be {Range(option.Min, option.Below)}, found {option.Value}.");

    private static IEnumerable<string> Combinations(TrainingOptions options, TrainingTask task, bool hasValidationRows)
    {
        if (options.EarlyStoppingPatience is not null && !hasValidationRows)
        {
            yield return $"{nameof(options.EarlyStoppingPatience)} needs validation rows: set {nameof(options.ValidationFraction)} or give some.";
        }

        var ofClasses = options.Metric is TrainingMetric.Accuracy or TrainingMetric.MacroF1;
        if (options.Metric != TrainingMetric.Loss && ofClasses != (task == TrainingTask.Classification))
        {
            yield return $"{nameof(options.Metric)} {options.Metric} is not measured in {(ofClasses ? "regression" : "classification")}.";
        }

        if (task == TrainingTask.Regression && options.ContrastiveSteps > 0)
        {
            yield return $"{nameof(options.ContrastiveSteps)} is for classification.";
        }

        if (task == TrainingTask.Regression && (options.LabelSmoothing > 0 || options.ClassWeights != ClassWeights.None))
        {
            yield return $"{nameof(options.LabelSmoothing)} and {nameof(options.ClassWeights)} are for classification.";
        }
    }

    private static string Range(double min, double below) =>
        (min == double.Epsilon ? "above 0" : $"at least {min}") + (double.IsInfinity(below) ? " and finite" : $" and below {below}");
}
