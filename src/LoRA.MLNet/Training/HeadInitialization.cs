namespace LoRA.MLNet;

/// <summary>How a classification head starts that the checkpoint lacks.</summary>
public enum HeadInitialization
{
    /// <summary>
    /// From the frozen encoder's features: logistic regression, or ridge regression of numbers, gives the last linear module its first
    /// values, so that fine-tuning need not change good features to suit a random head (Kumar et al. 2022, arXiv 2202.10054).
    /// </summary>
    LinearProbe,

    /// <summary>At random, as transformers does.</summary>
    Random,
}
